/** Sentences on a map, in Chinese: the source of the keys. `{name}` is a parameter. */
export const zh = {
  'map.failed': '地图无法显示',
  'map.failed.body': '此浏览器没有可用的 WebGL。右侧列表内容相同，仍可使用。',
  'map.zoomIn': '放大',
  'map.zoomOut': '缩小',
  'map.reset': '全市',
} as const
