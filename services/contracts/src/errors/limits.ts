/**
 * What the hub demands of a value, in two languages: the other half of the table of codes. A limit travels as a text that names its entry
 * (`limit:before?{"to":5}`), because a schema can only give a text; a message says it in the reader's language.
 */
export const limitTable = {
  // Of one value.
  'twenty-digits': { en: 'must be 20 digits', zh: '须为 20 位数字' },
  'division-code': { en: 'must be 2, 4, 6 or 8 digits', zh: '须为 2、4、6 或 8 位数字' },
  'hex-pairs': { en: 'must be six hex pairs', zh: '须为六组十六进制数' },
  'user-name': { en: 'must be 2 to 32 of a–z, 0–9, . _ -', zh: '须为 2 至 32 个小写字母、数字或 . _ -' },
  'event-only': {
    en: 'must come with kind event, and only with it',
    zh: '须且仅可在 kind 为 event 时出现',
  },
  'one-value': { en: 'must hold at least one value', zh: '至少须有一个数值' },
  'hengyang-code': {
    en: 'must begin with the code of a district of Hengyang',
    zh: '须以衡阳市所辖区县代码开头',
  },
  'be-camera': { en: 'must be a camera', zh: '须为摄像机' },
  'be-user': { en: 'must be a user', zh: '须为已有的用户名' },
  'be-between': { en: 'must be {from} to {to}', zh: '须为 {from} 至 {to}' },
  'required-for-class': { en: 'required for point class {class}', zh: '点位类型 {class} 必填' },
  'unknown-key': { en: 'unknown key', zh: '未知字段' },
  'own-account': { en: 'nobody administers the own account', zh: '不能管理本人的账号' },
  'last-security': {
    en: 'is the last security administrator who may log in',
    zh: '是最后一名可登录的安全管理员',
  },
  'password-wrong': { en: 'is not the password', zh: '不是当前密码' },
  'password-new': { en: 'must differ from the old one', zh: '须与原密码不同' },
  'password-name': { en: 'must not hold the user name', zh: '不得包含用户名' },
  'name-taken': { en: 'the name is taken', zh: '用户名已存在' },
  'hour-minute': { en: 'must be HH:mm', zh: '须为 HH:mm' },
  'year-month': { en: 'must be YYYY-MM', zh: '须为 YYYY-MM' },
  // Of the request and its body.
  'content-type': { en: 'content-type is {type}', zh: '类型为 {type}' },
  'be-type': { en: 'must be {type}', zh: '须为 {type}' },
  'not-utf8': { en: 'not UTF-8', zh: '不是 UTF-8' },
  'not-percent-utf8': { en: 'not percent-encoded UTF-8', zh: '不是百分号编码的 UTF-8' },
  'ends-early': { en: 'it ends too early', zh: '内容不完整' },
  'wrong-at': { en: 'wrong at position {position}', zh: '第 {position} 个字符处有误' },
  'wrong-syntax': { en: 'wrong syntax', zh: '语法有误' },
  // Of time.
  'before-to': { en: 'must be before to ({to})', zh: '须早于 to（{to}）' },
  'after-from': { en: 'must be after from', zh: '须晚于 from' },
  'days-before-to': { en: 'at most {days} days before to', zh: '与 to 相距不得超过 {days} 天' },
  'days-by-hour': {
    en: 'at most {days} days before to, hour by hour',
    zh: '按小时查询时与 to 相距不得超过 {days} 天',
  },
  'five-years': { en: 'must be at most five years after from', zh: '与 from 相距不得超过五年' },
  'kept-since': { en: 'kept since {at}', zh: '自 {at} 起保存' },
  'never-kept': { en: 'never kept', zh: '从未保存' },
  'not-after-now': { en: 'must not be after now ({now})', zh: '不得晚于当前时刻（{now}）' },
  'seven-days': { en: 'must be within the next seven days', zh: '须在今后七天之内' },
  'not-begun': { en: 'has not begun', zh: '尚未开始' },
  // Of files and their rows.
  'file-empty': { en: 'the file is empty', zh: '文件为空' },
  'no-such-column': { en: 'no such column', zh: '没有此列' },
  'column-twice': { en: 'a column twice', zh: '列重复' },
  'column-required': { en: 'the column is required', zh: '此列必填' },
  'other-encoding': {
    en: 'is in another encoding than the rest of the file: save the file anew in one',
    zh: '与文件其余部分的编码不同，请统一编码后另存',
  },
  'broken-bytes': { en: 'has bytes that are no text', zh: '含有无法识别的字节' },
  'quote-open': {
    en: 'opens a quote that does not close in this line: a cell holds no line break',
    zh: '引号在本行内没有闭合：单元格内不可换行',
  },
  'quote-stray': { en: 'has a quote inside a cell that is not in quotes', zh: '未加引号的单元格内出现引号' },
  'row-length': { en: 'at most {most}', zh: '最多 {most} 个字符' },
  'cut-off': {
    en: 'is the last line, has no end and too few cells: the file is cut off',
    zh: '为末行，既无换行也缺少单元格：文件不完整',
  },
  'no-column': { en: 'stands in a column without a name', zh: '所在列没有列名' },
  'excel-zeros': {
    en: 'ends in 00000: Excel keeps 15 digits of a number, and several codes may have become this one. Format the column as text, or use the .xlsx file of the export',
    zh: '末五位为 00000：Excel 只保留数字的前 15 位，多个编码可能已变为同一个。请将该列设为文本格式，或使用导出的 .xlsx 文件',
  },
  'excel-number': {
    en: 'is a number as Excel writes it, and digits are lost: format the column as text, or use the .xlsx file of the export',
    zh: '已被 Excel 写成科学计数法，部分数字已丢失：请将该列设为文本格式，或使用导出的 .xlsx 文件',
  },
  'excel-error': { en: 'is what Excel shows instead of a value', zh: '是 Excel 的错误提示，不是数值' },
  'declare-coordinates': {
    en: 'in which system is not said: add a column CoordinateSystem, or choose one of {systems}',
    zh: '未声明坐标系：请增加 CoordinateSystem 列，或选择 {systems} 之一',
  },
  'one-of-systems': { en: 'must be one of {systems}', zh: '须为 {systems} 之一' },
  'chosen-otherwise': { en: 'but {chosen} was chosen for the file', zh: '与为本文件选择的 {chosen} 不一致' },
  'both-coordinates': { en: 'is needed with the other: a place has both', zh: '须同时填写经度与纬度' },
  'group-refused': { en: 'another row of this device is refused', zh: '该设备的另一行未通过' },
  'sheet-only': {
    en: 'more than one sheet has rows: keep one',
    zh: '有内容的工作表多于一个，请只保留一个',
  },
  'save-as-xlsx': {
    en: 'a workbook of the old kind, or one with a password: save it as .xlsx without one',
    zh: '是旧式或加密的工作簿，请另存为未加密的 .xlsx',
  },
  'broken-workbook': { en: 'a workbook that cannot be read', zh: '工作簿无法读取' },
  'in-row-already': { en: 'is in row {row} already', zh: '已在第 {row} 行出现' },
  // Of the registry and what is found.
  'not-in-districts': { en: 'is not in your districts', zh: '不在所辖区县' },
  'no-device-has-it': { en: 'no device of your districts has it', zh: '所辖区县没有设备与之相符' },
  'no-device-on-record': { en: 'is no device on record in your districts', zh: '不是所辖区县的在档设备' },
  'fixed-value': { en: 'is {value} and stays so', zh: '原为 {value}，不可更改' },
  'may-become': { en: '{from} may become {to}', zh: '{from} 只可变更为 {to}' },
  'not-before-field': { en: 'must not be before {field} ({date})', zh: '不得早于 {field}（{date}）' },
  'be-within': { en: 'must be {code}, of which the device code is', zh: '须与设备编码所属的 {code} 一致' },
  'in-service-since': { en: 'is in service since {date}', zh: '已自 {date} 起投用' },
  'not-with-stage': { en: 'contradicts stage {stage}', zh: '与阶段 {stage} 矛盾' },
  'just-changed': { en: 'it has just changed', zh: '刚被他人更改' },
  'no-planned-record': { en: 'matches no planned record: name the device', zh: '没有对应的档案，请指定设备' },
  'ambiguous-record': {
    en: 'several records have its {by}: name the device',
    zh: '多条档案的 {by} 与之相同，请指定设备',
  },
  'contradicted-record': {
    en: 'the record with its {by} says otherwise: name the device',
    zh: '{by} 相同的档案另有矛盾信息，请指定设备',
  },
  'contested-record': {
    en: 'another device claims the same record: name the device',
    zh: '另有设备对应同一档案，请指定设备',
  },
  'wanted-as-well': { en: 'is wanted for {other} as well', zh: '同时被指定给 {other}' },
  'approved-as': { en: 'is approved as {device}', zh: '该设备已批准为 {device}' },
  'approved-retire': { en: 'is approved: retire its device', zh: '已批准，请先报废其设备' },
  'gateway-districts': {
    en: 'must be in a district of gateway {gateway}: {districts}',
    zh: '须在网关 {gateway} 的区县内：{districts}',
  },
  'no-gateway': { en: 'the device has no gateway yet', zh: '设备尚未分配网关' },
  'gateway-answer': { en: 'the gateway answers something else', zh: '网关应答不符合规范' },
  'needs-key': { en: 'must have a key of 1 to {most} characters', zh: '名称须为 1 至 {most} 个字符' },
  'needs-kind': {
    en: 'must be KIND:KEY with a kind of {kinds}',
    zh: '须为“类别:名称”，类别可为 {kinds}',
  },
  'twice-for-device': { en: 'is there twice for this device', zh: '在该设备中重复' },
  'names-twice': { en: 'names one thing twice', zh: '重复列出同一对象' },
  'names-at-most': { en: 'may name {most} at most', zh: '最多列出 {most} 个' },
  // Of steps and approvals.
  'legal-is': { en: 'legal is {legal:order-step}', zh: '现在可以{legal:order-step}' },
  'beyond-districts': {
    en: '{what:order-step} beyond the own districts',
    zh: '{what:order-step}（含所辖区县以外的设备）',
  },
  'judge-closed': { en: '{outage} is closed', zh: '{outage} 已关闭' },
  'judge-pending': {
    en: 'an earlier judgement is not in effect yet; it takes a second',
    zh: '上一次判定尚未生效，请稍候一两秒',
  },
  'judge-beyond': { en: 'it has devices beyond your districts', zh: '含所辖区县以外的设备' },
  'judge-no-member': { en: '{device} is not in it', zh: '设备 {device} 不在其中' },
  'judge-all': { en: 'all its devices would go: nothing would be left', zh: '不能拆出全部设备' },
  'judge-one': { en: 'it has one device only', zh: '只有一台设备' },
  'judge-many': { en: 'it has more than {most} devices', zh: '设备超过 {most} 台' },
  'judge-itself': { en: 'it cannot be merged with itself', zh: '不能与自身合并' },
  'judge-no-key': { en: 'a cause of this kind has to be named', zh: '须填写原因的名称' },
  'judge-kind': { en: 'people do not name causes of this kind', zh: '不能指定此类原因' },
  'judge-same': { en: 'the outage {outage} has this cause: merge them', zh: '故障 {outage} 已是此原因，请改为合并' },
  'judge-order': {
    en: 'work order {order} has devices on both sides: close or cancel it first',
    zh: '工单 {order} 的设备分属两边，请先办结或撤销该工单',
  },
  'judge-undone': { en: 'it is undone already, or cannot be undone', zh: '该判定已撤销，或不能撤销' },
  'judge-newer': { en: 'a newer judgement has to be undone first', zh: '请先撤销其后的判定' },
  'audit-whole-city': { en: 'audit without the whole city', zh: '未管辖全市时查看审计' },
  'newer-version': { en: 'there is a newer version', zh: '已有更新的版本' },
  'reviewed-reopen': {
    en: '{count} reviewed ones differ: reopen them first',
    zh: '有 {count} 张已审核的与现有数据不同，请先退回草稿',
  },
  'figures-moved': { en: '{count} figures are others', zh: '有 {count} 项数据不同' },
  'differ-reason': { en: '{count} differ: give a reason', zh: '有 {count} 张与锁定版本不同，请填写原因' },
  'card-moved': {
    en: 'its figures are other ones by now: make it again',
    zh: '其数据已变化，请重新生成',
  },
  'not-locked': { en: 'it is not locked', zh: '尚未锁定' },
  'pack-file-gone': { en: 'its file is gone', zh: '封存包文件已丢失' },
  'key-waits': { en: 'no such key of this gateway waits for approval', zh: '该网关没有此待批准的密钥' },
  'act-approve': { en: 'approve', zh: '审批' },
  'act-reject': { en: 'reject', zh: '驳回' },
  'act-lock': { en: 'lock', zh: '锁定' },
  'act-verify': { en: 'verify', zh: '核验' },
  'needed-for-comment': { en: 'is needed for a comment', zh: '备注时必填' },
  'needed-to-assign': { en: 'is needed to assign', zh: '指派时必填' },
  'needed-to-silence': { en: 'is needed to silence', zh: '静默时必填' },
  'needed-why': { en: 'is needed: why', zh: '须说明原因' },
  'devices-or-outage': { en: 'must be given, or outage: one of them', zh: '与 outage 须且仅可填一项' },
  'nothing-down': { en: 'has nothing that is down', zh: '没有离线设备' },
  'in-order-already': { en: 'is in work order {order} already', zh: '已在工单 {order} 中' },
  'dispute-once': { en: 'it may be disputed only once', zh: '异议只能提出一次' },
  'return-once': { en: 'it may be returned only once', zh: '只能退回一次' },
  'up-more-minutes': { en: 'its devices must stay up for {minutes} min more', zh: '还需连续在线 {minutes} 分钟' },
  'up-more-seconds': { en: 'its devices must stay up for {seconds} s more', zh: '还需连续在线 {seconds} 秒' },
  'still-down': {
    en: '{down} of its devices are still out: all must be back and stay up for {minutes} min',
    zh: '还有 {down} 台未恢复，须全部恢复并连续在线 {minutes} 分钟',
  },
  'order-down': {
    en: '{down} of the devices of work order {order} are out: it is not repaired',
    zh: '工单 {order} 还有 {down} 台未恢复，不能作为已修复关闭',
  },
  'twice-in-orders': { en: 'is in two of these orders', zh: '在本次派发的两张工单中重复出现' },
  'not-in-outage': { en: 'is no device of this outage', zh: '不是这起故障的设备' },
  'orders-open-more': { en: '{orders} and {more} more', zh: '{orders} 等，另有 {more} 张' },
  'goes-with-close': { en: 'goes with the step close, and only with it', zh: '须且仅可在关闭故障时填写' },
  // Of exemptions and corrections, and the rules of scorecards.
  'one-recurrence': { en: 'has weekdays and days of the month: give one', zh: '星期与日期只可填一项' },
  'counts-as': {
    en: 'must be exempt for an exemption, and up, down or unknown for a correction',
    zh: '豁免须为 exempt，更正须为 up、down 或 unknown',
  },
  'record-change': { en: 'goes with kind record, and only with it', zh: '须且仅可在 kind 为 record 时填写' },
  'needed-evidence': { en: 'is needed: what proves it', zh: '须注明依据材料' },
  'in-the-past': { en: 'must be over by now ({now})', zh: '须早于当前时刻（{now}）' },
  'correction-once': { en: 'a correction does not come back', zh: '更正不可周期重复' },
  'device-codes': { en: 'must be 20-digit device codes', zh: '须为 20 位设备编码' },
  'district-codes': { en: 'must be district codes', zh: '须为区县代码' },
  'at-most-field': { en: 'must be at most {field}', zh: '不得大于 {field}' },
  // Of reports.
  'rows-of-pdf': { en: 'at most {most} rows: take xlsx or csv', zh: '最多 {most} 行，请改用 xlsx 或 csv' },
  'size-of-file': { en: 'at most {most} MiB: narrow the query', zh: '最多 {most} MiB，请缩小范围' },
  'waiting-at-once': { en: 'at most {most} may wait at once', zh: '同时等待的不得超过 {most} 个' },
} as const satisfies { readonly [name: string]: { readonly en: string; readonly zh: string } }

export type LimitName = keyof typeof limitTable
/** A hole may name the vocabulary of what goes into it: `{legal:order-step}`. */
type NameOf<Hole extends string> = Hole extends `${infer Name}:${string}` ? Name : Hole
type Holes<Text extends string> = Text extends `${string}{${infer Hole}}${infer Rest}`
  ? NameOf<Hole> | Holes<Rest>
  : never
type Fill<N extends LimitName> = { readonly [H in Holes<(typeof limitTable)[N]['en']>]: string | number }

/** The limit of that name, as a text that `errorMessage` says in the reader's language. */
export const limitText = <N extends LimitName>(
  name: N,
  ...[fill]: [Holes<(typeof limitTable)[N]['en']>] extends [never] ? [] : [fill: Fill<N>]
): string => `limit:${name}${fill ? `?${JSON.stringify(fill)}` : ''}`
