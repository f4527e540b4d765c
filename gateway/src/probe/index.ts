export { picturePolicy } from './picture/index.ts'
export { createProber, type Prober } from './prober.ts'
