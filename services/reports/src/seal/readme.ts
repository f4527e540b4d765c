/** What stands in the pack for whoever opens it first. */
export const readme = `考核封存包 · Sealed scorecard pack

本文件包可以在断网的计算机上独立核验，无需信任出具方：
1. 用浏览器打开核验页 verify.html（从考核页下载，或取自源代码 console/public/verify.html），拖入本文件包；
2. 或运行 npm run verify -- 本文件.zip --anchor 锚点文件.jsonl；
3. 或按 docs/pack.md 用 openssl、sha256sum 自行核验（infra/verify/verify_pack.py 即一例）。
请将指纹与锁定当时收到的邮件、消息或锚点文件逐字比对：签名只说明由谁出具，锚点才说明此后未被替换。

This pack can be verified on a computer without network, by somebody who trusts nobody:
1. open verify.html in a browser (from the page of scorecards, or console/public/verify.html of the source) and drop the pack on it;
2. or run: npm run verify -- this.zip --anchor anchor.jsonl;
3. or follow docs/pack.md with openssl and sha256sum (infra/verify/verify_pack.py is an example).
Compare the fingerprint with the message, mail or anchor file that you were sent when the card was locked: a signature says who
made it, the anchor that nobody has exchanged it since.

card.json         考核表 the card
devices.json      设备明细：应在线时段、四类时长、属性 devices: due windows, four times, attributes
adjustments.json  豁免与更正及其审批 exemptions and corrections with their approvals
rules.json        当时的判定与评分规则 rules in force
keys.json         网关签名公钥 public keys of the gateways
batches.tsv       所依据的观测批次：摘要与网关签名 batches: digests and signatures
hours.tsv         明细已过保存期的批次：每小时的编号与默克尔根（如有） batches whose digests have gone: numbers and root of each hour (if any)
seal.json         封印（DSSE，Ed25519） the seal
`
