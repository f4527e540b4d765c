/** Which rows of a long list of equal rows are worth drawing. */

const overscan = 8

export function visibleRows(scrollTop: number, viewport: number, rowHeight: number, count: number): [number, number] {
  const first = Math.floor(scrollTop / rowHeight) - overscan
  const last = Math.ceil((scrollTop + viewport) / rowHeight) + overscan
  return [Math.max(0, Math.min(first, count)), Math.max(0, Math.min(last, count))]
}

/** Where to scroll so that a row is in sight below a sticky header; the present position when it is already. */
export function scrollFor(
  index: number,
  scrollTop: number,
  viewport: number,
  rowHeight: number,
  header: number,
): number {
  const top = index * rowHeight
  if (top < scrollTop) return top
  const bottom = top + rowHeight + header
  return bottom > scrollTop + viewport ? bottom - viewport : scrollTop
}
