/** Sentences of the rail, the top bar and the search, in Chinese: the source of the keys. `{name}` is a parameter. */
export const zh = {
  'app.city': '衡阳市',
  'app.skip': '跳到正文',

  'live.connecting': '正在连接',
  'live.live': '实时 · {span}',
  'live.stale': '数据停滞 · 自 {at}',
  'live.banner': '实时连接中断：{at} 之后没有新数据，下列数字为当时的状态。',
  'live.retrying': '正在重新连接…',

  'lag.seconds': '{s} 秒',
  'lag.banner': '数据延迟 {span}',
  'lag.catching-up': '数据即将追平',
  'lag.aloud': '中枢数据有延迟',
  'lag.cause.stalled': '中枢进程曾被暂停或过载。',
  'lag.cause.broker': '中枢与消息服务器的连接中断。',
  'lag.cause.commits': '收到的数据来不及写入记录库。',
  'lag.cause.deliveries': '多数网关的数据送达过晚。',
  'lag.cause.disk': '中枢磁盘已满或无法写入：数据暂存于网关，腾出空间后自动补齐；其间仍可登录和查看。',
  'lag.cause.silent': '数据接入进程没有响应。',
  'lag.meaning': '下列数字为当时的状态；追平之前不因无数据判定设备，也不生成新故障。',

  'scope.label': '区县范围',

  'search.button': '搜索设备、区县',
  'search.placeholder': '编码、名称、地址、IP 或区县',
  'search.districts': '区县',
  'search.none': '没有匹配“{query}”的设备或区县',
  'search.hint': '↑ ↓ 选择　Enter 打开　Esc 关闭',
  'search.more': '在设备列表中查看全部 {count} 项',

  'user.menu': '用户',
  'user.scope': '数据范围',
  'user.until': '会话至 {at}',
  'user.password': '修改密码',
  'user.logout': '退出登录',

  'page.unfetched': '页面文件无法取得：中枢可能已更新，或无法连接。',
  'page.reload': '重新载入',
  'missing.title': '页面不存在',
  'missing.body': '地址可能已变更。',
  'missing.home': '返回总览',
} as const
