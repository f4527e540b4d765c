/** Sentences of the login page, in Chinese: the source of the keys. `{name}` is a parameter. */
export const zh = {
  'login.submit': '登录',
  'login.busy': '正在登录…',
  'login.wrong': '用户名或密码错误。',
  'login.locked': '尝试次数过多，账号已临时锁定。',
  'login.offline': '无法连接到中枢，请检查网络后重试。',
  'login.ended': '会话已结束，请重新登录。',
  'login.back': '退出登录',
  'login.help': '忘记密码请联系安全管理员。',
} as const
