/** Notifications as ONVIF cameras write them, one property for each topic. */
export const eventTopics = ['motion', 'tamper', 'video-loss', 'digital-input'] as const
export type EventTopic = (typeof eventTopics)[number]

export type Message = {
  topic: EventTopic
  active: boolean
  /** ONVIF Core 9.5.2: after a synchronization point, and after a change. */
  operation: 'Initialized' | 'Changed'
  /** On the camera's clock. */
  at: number
}

type Property = { path: string; source: readonly (readonly [name: string, value: string])[]; item: string }

const properties: Readonly<Record<EventTopic, Property>> = {
  motion: {
    path: 'RuleEngine/CellMotionDetector/Motion',
    source: [
      ['VideoSourceConfigurationToken', 'VideoSource_1'],
      ['VideoAnalyticsConfigurationToken', 'Analytics_1'],
      ['Rule', 'MyMotionDetectorRule'],
    ],
    item: 'IsMotion',
  },
  tamper: {
    path: 'VideoSource/GlobalSceneChange/ImagingService',
    source: [['Source', 'VideoSource_1']],
    item: 'State',
  },
  'video-loss': { path: 'VideoSource/SignalLoss', source: [['Source', 'VideoSource_1']], item: 'State' },
  'digital-input': { path: 'Device/Trigger/DigitalInput', source: [['InputToken', 'Input_1']], item: 'LogicalState' },
}

const item = (name: string, value: string | boolean): string => `<tt:SimpleItem Name="${name}" Value="${value}"/>`

export function notification({ topic, active, operation, at }: Message): string {
  const { path, source, item: name } = properties[topic]
  return (
    '<wsnt:NotificationMessage><wsnt:Topic Dialect="http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet">' +
    `tns1:${path}</wsnt:Topic><wsnt:Message><tt:Message UtcTime="${new Date(at).toISOString()}" PropertyOperation="${operation}">` +
    `<tt:Source>${source.map(([n, v]) => item(n, v)).join('')}</tt:Source><tt:Data>${item(name, active)}</tt:Data></tt:Message></wsnt:Message></wsnt:NotificationMessage>`
  )
}

/** The tree that GetEventProperties tells. */
export const topicSet: string = Object.values(properties)
  .map(({ path, source, item: name }) => {
    const steps = path.split('/')
    const description =
      `<tt:MessageDescription IsProperty="true"><tt:Source>${source.map(([n]) => `<tt:SimpleItemDescription Name="${n}" Type="tt:ReferenceToken"/>`).join('')}</tt:Source>` +
      `<tt:Data><tt:SimpleItemDescription Name="${name}" Type="xs:boolean"/></tt:Data></tt:MessageDescription>`
    return steps.reduceRight(
      (inner, step, n) =>
        `<${n === 0 ? 'tns1:' : ''}${step}${n === steps.length - 1 ? ' wstop:topic="true"' : ''}>${inner}</${n === 0 ? 'tns1:' : ''}${step}>`,
      description,
    )
  })
  .join('')

/** Whether a filter of the ConcreteSet dialect (`tns1:VideoSource//.|…`) lets a topic pass; the topic tree has no deeper wildcard. */
export function passes(filter: string | undefined, topic: EventTopic): boolean {
  if (filter === undefined || filter.trim() === '') return true
  const plain = (path: string): string =>
    path
      .trim()
      .split('/')
      .map((step) => step.slice(step.indexOf(':') + 1))
      .join('/')
  const { path } = properties[topic]
  return filter.split('|').some((one) => {
    const wanted = plain(one)
    return wanted.endsWith('//.') ? `${path}/`.startsWith(`${wanted.slice(0, -3)}/`) : wanted === path
  })
}
