/** Sentences of the reports page, in Chinese: the source of the keys. `{name}` is a parameter. */
export const zh = {
  'page.reports': '考核',

  'reports.rates': '在线率',
  'reports.scorecards': '考核评分',
  'reports.adjustments': '豁免与更正',
  'reports.progress': '建设进度',
  'reports.exports': '导出',

  'kpi.online-time': '在线率（时长）',
  'kpi.online-snapshot': '在线率（时点）',
  'kpi.platform-normal': '系统平台正常率',
  'kpi.intact': '完好率',
  'kpi.clock': '时钟合格率',
  'kpi.record': '档案完整率',
  'kpi.position': '坐标正确率',

  'report.month': '月份',
  'report.month.earlier': '上一月',
  'report.month.later': '下一月',
  'report.devices': '{count} 台设备',
  'report.close': '关闭',

  'score.subject': '考核对象',
  'score.subject.carrier': '运营商',
  'score.subject.district': '区县',
  'score.status.draft': '草稿',
  'score.status.reviewed': '已审核',
  'score.status.locked': '已锁定',

  'adjust.any': '全部',
  'adjust.status': '状态',
  'adjust.by': '{user} · {at}',

  'export.button': '导出',
  'export.started': '已开始导出。',
  'export.see': '查看导出',
  'export.by': '分组',
  'export.status.waiting': '排队中',
  'export.status.running': '进行中',
  'export.status.done': '已完成',
  'export.status.failed': '失败',
  'export.status.cancelled': '已取消',
} as const
