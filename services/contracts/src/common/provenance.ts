/**
 * Where a figure of the configuration comes from, as long as nobody has said otherwise. Stored and sealed as the Chinese text that it is by
 * default; whoever reads English is shown the other. What a person has written stays as it was written.
 */
export const provenances = {
  repair: {
    zh: '响应 2 小时；修复：核心 4、城区 24、农村 48 小时（参考值，以运维合同为准）',
    en: 'respond in 2 hours; repair in 4 (core), 24 (urban), 48 (rural) hours (reference values: the contract decides)',
  },
  target: {
    zh: '全市前端设备平均在线率（通报口径），非合同阈值',
    en: 'average online rate of the field devices of the city, as reported; no threshold of a contract',
  },
  kpi: { zh: '考核指标参考值，非合同阈值', en: 'reference value of the indicator; no threshold of a contract' },
  coverage: {
    zh: '参考值：实测时长不足应测时长的 90 % 不评分、不付费，以合同为准',
    en: 'reference value: no score and no pay below 90 % of the due time measured; the contract decides',
  },
  lock: {
    zh: '参考值：月末后 72 小时内补报有效，以合同为准',
    en: 'reference value: what is delivered within 72 hours of the end of the month counts; the contract decides',
  },
  score: {
    zh: '考核权重：在线 30、图像 15、录像 20、档案 10、修复 20、资料 5；90 分以上全额支付，80–90 分按比例（参考值，以合同为准）',
    en: 'weights: online 30, image 15, recording 20, record 10, repair 20, documents 5; paid in full from 90, pro rata from 80 (reference values: the contract decides)',
  },
} as const
