/** Sentences of the page, in Chinese: the source of the keys. `{name}` is a parameter. */
export const zh = {
  'page.emergency': '应急指挥',
  'emergency.incidents': '事件',
  'emergency.incidents.none': '当前没有事件',
} as const
