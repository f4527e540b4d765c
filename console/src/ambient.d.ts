declare module 'virtual:record-labels' {
  export const recordLabels: Record<string, { zh: string; en: string }>
}
