/** Whether a key is somebody's typing, or belongs to a dialog or the browser: then it is no command of the page. */
export function isTyping(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return true
  const target = event.target as Element | null
  return (
    target?.closest?.('input:not([type="checkbox"], [type="radio"]), textarea, select, [role="combobox"]') != null ||
    document.querySelector('dialog[open]') !== null
  )
}
