export {
  type CommissioningSample,
  type CommissioningStep,
  isCommissioned,
  isRolloutUnderWay,
  leadingStep,
  type StepCount,
  type StepPace,
  stepCounts,
  stepPaces,
  withSample,
} from './commissioning.ts'
export { type RateTone, rateTone, worstFirst } from './ranking.ts'
export { snapshot } from './snapshot.ts'
