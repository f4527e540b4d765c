/** Sentences about one's own password, in Chinese: the source of the keys. `{name}` is a parameter. */
export const zh = {
  'password.title': '修改密码',
  'password.old': '当前密码',
  'password.new': '新密码',
  'password.again': '再次输入新密码',
  'password.hint': '至少 10 个字符，与当前密码不同，且不包含用户名。',
  'password.differ': '两次输入的新密码不一致。',
  'password.ends': '修改后，在其他浏览器上的登录随即结束。',
  'password.first': '当前密码由他人设置，首次登录须改为仅本人知道的密码。',
  'password.submit': '修改密码',
} as const
