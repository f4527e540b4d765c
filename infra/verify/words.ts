/** What is found, in words. Chinese first, English beside it. */
import type { Check, Finding } from './findings.ts'

export type Language = 'zh' | 'en'
type Words = Record<Language, string>

export const checkWords: Record<Check, Words> = {
  pack: { zh: '文件包', en: 'Pack' },
  seal: { zh: '封印与文件摘要', en: 'Seal and digests of files' },
  card: { zh: '考核表算术', en: 'Arithmetic of the card' },
  devices: { zh: '设备明细合计', en: 'Sums of the devices' },
  batches: { zh: '观测批次与网关签名', en: 'Batches and signatures of gateways' },
  anchor: { zh: '外部锚点', en: 'Anchor outside' },
  record: { zh: '数据库', en: 'Record' },
}

const findingWords: Record<string, Words> = {
  'zip-unreadable': { zh: '文件包无法读取', en: 'the pack cannot be read' },
  'file-unreadable': { zh: '包内文件格式有误', en: 'a file of the pack cannot be read' },
  'seal-unreadable': { zh: '封印无法读取', en: 'the seal cannot be read' },
  'seal-type': { zh: '封印类型不是考核封存包', en: 'the seal is of another type' },
  'seal-signature': {
    zh: '封印签名不成立：内容被改动，或不是该密钥所签',
    en: 'the signature of the seal does not hold: changed, or not signed by this key',
  },
  'file-unsealed': { zh: '封印未包含应有的文件', en: 'the seal leaves out a file that it must have' },
  'file-missing': { zh: '缺少已封存的文件', en: 'a sealed file is missing' },
  'file-changed': { zh: '文件在封存后被改动', en: 'a file was changed after it was sealed' },
  'file-extra': { zh: '包内有未封存的文件', en: 'the pack has a file that was not sealed' },
  'card-other': { zh: '封印属于另一张考核表', en: 'the seal is of another card' },
  'card-online': { zh: '在线率分子分母与时长合计不符', en: 'the online line does not follow from the totals' },
  'card-score': { zh: '得分与扣分不符', en: 'the score does not follow from the deductions' },
  'card-pay': { zh: '付费档与得分不符', en: 'the pay does not follow from the score' },
  'device-count': { zh: '设备数与考核表不符', en: 'there are not as many devices as on the card' },
  'device-sum': { zh: '设备时长合计与考核表不符', en: 'the times of the devices do not add up to the card' },
  'device-due': { zh: '设备四类时长之和与应在线时长不符', en: 'the four times of a device do not fill its due time' },
  'batch-count': { zh: '批次数与封印不符', en: 'there are not as many batches as were sealed' },
  'batch-root': { zh: '批次清单的默克尔根与封印不符', en: 'the Merkle root of the batches is not the sealed one' },
  'batch-unsigned-count': { zh: '未签名批次数与封印不符', en: 'there are not as many unsigned batches as were sealed' },
  'batch-signature': {
    zh: '批次签名不成立：不是该网关所说',
    en: 'the signature of a batch does not hold: its gateway has not said it',
  },
  'batch-unsigned-late': {
    zh: '网关已启用签名后出现未签名批次',
    en: 'a batch without signature of a gateway that signs',
  },
  'batch-later': { zh: '批次晚于封存时刻', en: 'a batch came after the sealing' },
  'batch-twice': { zh: '批次编号重复', en: 'a batch is there twice' },
  'batch-gap': { zh: '批次缺失且封印未说明', en: 'batches are missing, and the seal does not say so' },
  'batch-not-missing': { zh: '封印称缺失的批次与清单不符', en: 'what the seal says is missing is not' },
  'hour-differs': {
    zh: '按小时列出的批次与封印不符',
    en: 'the batches that are named by the hour are not those that were sealed',
  },
  'key-unknown': { zh: '批次所用密钥不属于该网关', en: 'a batch is signed by no key of its gateway' },
  'key-unapproved': { zh: '批次所用密钥未经批准', en: 'a batch is signed by a key that nobody has approved' },
  'key-retired': { zh: '批次所用密钥当时已停用', en: 'a batch is signed by a key that was retired by then' },
  'anchor-unreadable': { zh: '锚点文件某行无法读取', en: 'a line of the anchor cannot be read' },
  'anchor-twice': {
    zh: '锚点中同一编号有两个指纹：有人重新封存',
    en: 'the anchor has two fingerprints under one number: something was sealed anew',
  },
  'anchor-chain': { zh: '锚点链不连续', en: 'the chain of the anchor is broken' },
  'anchor-hub-changed': { zh: '中枢密钥已更换', en: 'the key of the hub is another one' },
  'not-anchored': {
    zh: '锚点中没有这个编号：封存时未外发，或编号是伪造的',
    en: 'the anchor does not have this number: not told when it was sealed, or made up',
  },
  'anchor-other': {
    zh: '锚点中该编号的指纹不同：此包是后来替换的',
    en: 'the anchor has another fingerprint under this number: the pack was exchanged',
  },
  'hub-key-other': {
    zh: '签名密钥不是锚点中的中枢密钥',
    en: 'it is signed by another key than the hub’s in the anchor',
  },
  'chain-broken': { zh: '未接在前一封存之后', en: 'it does not follow on the seal before' },
  'sealed-twice': { zh: '同一考核表同一版本被封存两次', en: 'the same version of the same card was sealed twice' },
  'gateway-key-other': {
    zh: '网关密钥与先前外发的不同，且无更换审批',
    en: 'a gateway has another key than was told before, without an approved change',
  },
  'record-trigger-missing': { zh: '数据库的保护触发器已被删除', en: 'a protecting trigger of the database is gone' },
  'record-seal-missing': {
    zh: '锚点中有此封存，数据库中没有：被删除，或数据库被回退',
    en: 'the anchor has this seal, the database has not: deleted, or the file was rolled back',
  },
  'record-seal-differs': { zh: '数据库中的封存与锚点不同', en: 'a seal in the database is not the one in the anchor' },
  'record-seal-extra': { zh: '数据库中的封存未曾外发', en: 'the database has a seal that was never told outside' },
  'record-card-missing': { zh: '已封存的考核表不在数据库中', en: 'a sealed card is not in the database' },
  'record-card-differs': {
    zh: '数据库中的考核表与封存的不同',
    en: 'a card in the database is not the one that was sealed',
  },
  'record-card-unsealed': { zh: '已锁定的考核表没有封存', en: 'a locked card has no seal' },
  'record-pack-missing': { zh: '封存包文件缺失', en: 'the file of a pack is missing' },
  'record-pack-differs': {
    zh: '封存包文件的指纹与数据库不同',
    en: 'the file of a pack has another fingerprint than the database',
  },
  'record-batch-missing': { zh: '已封存的批次不在数据库中', en: 'a sealed batch is not in the database' },
  'record-batch-differs': {
    zh: '数据库中的批次与封存的不同',
    en: 'a batch in the database is not the one that was sealed',
  },
  'record-batch-extra': { zh: '封存后补入的批次', en: 'a batch that was put in among the sealed ones' },
  'record-hour-differs': {
    zh: '数据库中某小时的批次与封存的不同',
    en: 'the batches of an hour in the database are not those that were sealed',
  },
  'record-batch-signature': {
    zh: '数据库中的批次签名不成立',
    en: 'the signature of a batch in the database does not hold',
  },
  'record-batch-key': {
    zh: '数据库中的批次使用了未经批准的密钥',
    en: 'a batch in the database is signed by a key that nobody has approved',
  },
  'record-batch-undigested': { zh: '观测批次没有对应的摘要', en: 'a batch of observations has no digest' },
  'record-raw-differs': {
    zh: '观测内容与其摘要不符：内容被改动',
    en: 'observations are not those of their digest: they were changed',
  },
  'record-adjustment-differs': {
    zh: '豁免或更正与封存的不同',
    en: 'an exemption or correction is not as it was sealed',
  },
  'record-key-differs': { zh: '网关密钥与封存的不同', en: 'a key of a gateway is not as it was sealed' },
  'record-audit-missing': {
    zh: '审计中没有这次锁定，或指纹不同',
    en: 'the audit has no line of this lock, or another fingerprint',
  },
  unsigned: { zh: '未签名的批次（旧版网关）', en: 'batches without signature (gateways of before)' },
  hours: {
    zh: '按小时列出的批次：明细已过保存期，只余默克尔根，签名不可再逐条核验',
    en: 'batches named by the hour: their digests have gone, so that their signatures cannot be checked any more',
  },
  missing: { zh: '封存时已声明缺失的批次', en: 'batches that were said to be missing when it was sealed' },
  superseded: { zh: '此后另有更新版本', en: 'there is a later version' },
  'no-anchor': {
    zh: '未提供锚点：只能证明由该密钥签署，不能证明此后未被替换',
    en: 'no anchor was given: it shows who signed, not that nothing was exchanged since',
  },
  'raw-gone': { zh: '部分批次只余摘要（已过保存期）', en: 'of some batches only the digests are kept' },
}

export const say = ({ code, about }: Omit<Finding, 'check'>, language: Language): string =>
  [findingWords[code]?.[language] ?? code, about].filter(Boolean).join(language === 'zh' ? '：' : ': ')

export const knownCodes = Object.keys(findingWords)
