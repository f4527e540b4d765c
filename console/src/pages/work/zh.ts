/** Sentences of the work page, in Chinese: the source of the keys. `{name}` is a parameter. */
export const zh = {
  'work.outages': '分派给我的故障',
  'work.outages.none': '没有分派给您的故障',
  'work.outages.none.body': '在故障板选中一起故障，按 e 分派。',
  'work.orders': '待我办理的工单',
  'work.orders.none': '没有待您办理的工单',
} as const
