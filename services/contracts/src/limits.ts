/** What the hub's own limits are called in Chinese. A limit that is not here is shown as it is: it is never lost. */

const phrases: readonly (readonly [english: RegExp, chinese: string])[] = [
  [/^must be 20 digits$/, '须为 20 位数字'],
  [/^must be 2, 4, 6 or 8 digits$/, '须为 2、4、6 或 8 位数字'],
  [/^must be six hex pairs$/, '须为六组十六进制数'],
  [/^must be 2 to 32 of a–z, 0–9, \. _ -$/, '须为 2 至 32 个小写字母、数字或 . _ -'],
  [/^must come with kind event, and only with it$/, '须且仅可在 kind 为 event 时出现'],
  [/^must hold at least one value$/, '至少须有一个数值'],
  [/^must begin with the code of a district of Hengyang$/, '须以衡阳市所辖区县代码开头'],
  [/^must be a (camera|sensor)$/, '须为 $1'],
  [/^must be before to \((\d+)\)$/, '须早于 to（$1）'],
  [/^must be (\S+\/\S+)$/, '须为 $1'],
  [/^at most 366 days before to$/, '与 to 相距不得超过 366 天'],
  [/^required for point class (\d)$/, '点位类型 $1 必填'],
  [/^unknown key$/, '未知字段'],
  [/^not percent-encoded UTF-8$/, '不是百分号编码的 UTF-8'],
  [/^not UTF-8$/, '不是 UTF-8'],
  [/^content-type is (.+)$/, '类型为 $1'],
  [/^it ends too early$/, '内容不完整'],
  [/^wrong at position (\d+)$/, '第 $1 个字符处有误'],
  [/^wrong syntax$/, '语法有误'],
  [/^is in row (\d+) already$/, '已在第 $1 行出现'],
  [/^is not in your districts$/, '不在所辖区县'],
  [/^is (\S+) and stays so$/, '原为 $1，不可更改'],
  [/^(\S+) may become (.+)$/, '$1 只可变更为 $2'],
  [/^it has just changed$/, '刚被他人更改'],
  [/^the name is taken$/, '用户名已存在'],
  [/^the file is empty$/, '文件为空'],
  [/^no such column$/, '没有此列'],
  [/^a column twice$/, '列重复'],
  [/^the column is required$/, '此列必填'],
  [/^the header has (\d+)$/, '表头为 $1 列'],
  [/^matches no planned record: name the device$/, '没有对应的档案，请指定设备'],
  [/^several records have its (\S+): name the device$/, '多条档案的 $1 与之相同，请指定设备'],
  [/^the record with its (\S+) says otherwise: name the device$/, '$1 相同的档案另有矛盾信息，请指定设备'],
  [/^another device claims the same record: name the device$/, '另有设备对应同一档案，请指定设备'],
  [/^is wanted for (\S+) as well$/, '同时被指定给 $1'],
  [/^is approved as (\S+)$/, '该设备已批准为 $1'],
  [/^is approved: retire its device$/, '已批准，请先报废其设备'],
  [/^the gateway answers something else$/, '网关应答不符合规范'],
  [/^the device has no gateway yet$/, '设备尚未分配网关'],
]

export function limitInChinese(limit: string): string {
  const phrase = phrases.find(([english]) => english.test(limit))
  return phrase ? limit.replace(phrase[0], phrase[1]) : limit
}
