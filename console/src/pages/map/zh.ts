/** Sentences of the map page, in Chinese: the source of the keys. `{name}` is a parameter. */
export const zh = {
  'page.map': '地图',

  'map.label': '设备地图，右侧列表与地图内容相同',
  'map.schematic': '示意边界，非测绘成果',
  'map.layers': '图层',
  'map.districts': '区县在线率',
  'map.opacity': '不透明度',
  'map.states': '设备状态',
  'map.applications': '应用',
  'map.inView': '视野内 {count} 台',
  'map.unplaced': '另有 {count} 台没有坐标',
  'map.none': '视野内没有设备',
  'map.none.body': '缩小地图，或打开左侧的图层。',
} as const
