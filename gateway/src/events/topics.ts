/** What makes of cameras call the things that we report. Pure. */
import type { CameraEvent } from '@hub/contracts'

type Meaning = {
  topic: CameraEvent['topic']
  /** Names of the data item that says whether it is so, in order of preference. */
  items: readonly string[]
}

const of = (topic: CameraEvent['topic'], ...items: string[]): Meaning => ({ topic, items })
const tampered = of('tamper', 'State')

/** Topic without prefixes, lower case → meaning. ONVIF Imaging, Analytics and Device IO annexes, and Axis's own. */
const meanings: Readonly<Record<string, Meaning>> = {
  'ruleengine/cellmotiondetector/motion': of('motion', 'IsMotion'),
  'ruleengine/motionregiondetector/motion': of('motion', 'State'),
  'videosource/motionalarm': of('motion', 'State'),
  'videoanalytics/motiondetection': of('motion', 'motion'),
  'ruleengine/tamperdetector/tamper': of('tamper', 'IsTamper'),
  'videosource/tampering': of('tamper', 'tampering'),
  'videosource/globalscenechange': tampered,
  'videosource/imagetoodark': tampered,
  'videosource/imagetoobright': tampered,
  'videosource/imagetooblurry': tampered,
  'videosource/signalloss': of('video-loss', 'State', 'SignalLoss'),
  'videosource/videoloss': of('video-loss', 'State', 'VideoLoss'),
  'device/trigger/digitalinput': of('digital-input', 'LogicalState'),
}
/** Last step of many topics under VideoSource: which service judged. Bosch has it after SignalLoss too. */
const service = /(?<=^videosource\/\w+)\/(imaging|analytics|recording)service$/

/** @param path `tns1:RuleEngine/CellMotionDetector/Motion`, under any prefixes. Undefined: nothing that we report. */
export function meaningOf(path: string): Meaning | undefined {
  const plain = path
    .trim()
    .split('/')
    .map((step) => step.slice(step.indexOf(':') + 1).trim())
    .join('/')
    .toLowerCase()
    .replace(service, '')
  return Object.hasOwn(meanings, plain) ? meanings[plain] : undefined
}

/** ConcreteSet expression (ONVIF Core 9.7.3) of the subtrees that hold what we report. */
export const topicFilter = ['RuleEngine', 'VideoSource', 'VideoAnalytics', 'Device/Trigger']
  .map((tree) => `tns1:${tree}//.`)
  .join('|')
