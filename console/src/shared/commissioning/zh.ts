/** Sentences of the progress of a rollout, in Chinese: the source of the keys. `{name}` is a parameter. */
export const zh = {
  'commissioning.title': '上线进度',
  'commissioning.strip': '设备上线进行中',
  'commissioning.open': '查看进度',

  'commissioning.recorded': '已入档',
  'commissioning.searched': '已扫描地址',
  'commissioning.found': '已发现',
  'commissioning.approved': '已批准',
  'commissioning.assigned': '已下发',
  'commissioning.identified': '已识别',
  'commissioning.probed': '已探测',
  'commissioning.online': '在线',

  'commissioning.count': '{step} {done} / {of}',
  'commissioning.pace': '{count}，每秒 {rate}，约 {left}',
  'commissioning.rate': '每秒 {rate}，约 {left}',
  'commissioning.kinds': '摄像机 {cameras} · 传感器 {sensors}',
  'commissioning.cameras': '仅摄像机',
  'commissioning.measuring': '正在测算速度…',
  'commissioning.still': '最近一分钟没有进展。',
  'commissioning.whole': '在档设备已基本上线。',
  'commissioning.late': '读取失败，下列为 {at} 的数字。',

  'commissioning.gateways': '网关 {online} / {total} 在线',
  'commissioning.spooled': '{count} 批数据待确认',

  'commissioning.empty': '档案中还没有设备',
  'commissioning.empty.body': '导入设备档案后，这里显示从入档到在线的每一步。',
} as const
