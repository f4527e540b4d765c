/** Sentences of the devices page, in Chinese: the source of the keys. `{name}` is a parameter. */
export const zh = {
  'page.devices': '设备',

  'devices.total': '{count} 台',
  'devices.of': '{count} / {total} 台',
  'devices.search': '编码、名称、地址、IP',
  'devices.problems': '问题优先',
  'devices.name': '名称',
  'devices.code': '编码',
  'devices.since': '持续',
  'devices.seen': '最近探测',
  'devices.none': '没有符合条件的设备',
  'devices.none.body': '放宽筛选条件，或清除全部筛选。',
  'devices.empty': '还没有设备',
  'devices.empty.body': '从 CSV 导入设备档案，或批准网关发现的设备。',
  'devices.keys': '↑ ↓ 选择　Enter 详情　/ 搜索',
} as const
