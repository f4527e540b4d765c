export { createProber, type ProbeConfig, type Prober, type ProberOptions } from './prober.ts'
