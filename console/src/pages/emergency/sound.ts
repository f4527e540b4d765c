/** The tone of a new incident, made by the browser itself: no file is fetched. */
const beepMs = 180
const pitches = [880, 660, 880] as const
const volume = 0.2

let context: AudioContext | null = null

/** Whether it could be heard: browsers forbid sound until the page has been clicked or typed on. */
export async function ring(): Promise<boolean> {
  if (!('AudioContext' in window)) return false
  context ??= new AudioContext()
  // A browser that forbids it leaves the promise open.
  if (context.state === 'suspended')
    await Promise.race([context.resume(), new Promise((done) => setTimeout(done, 200))])
  if (context.state !== 'running') return false
  for (const [n, pitch] of pitches.entries()) beep(context, pitch, n * beepMs)
  return true
}

function beep(to: AudioContext, pitch: number, afterMs: number): void {
  const [tone, gain] = [to.createOscillator(), to.createGain()]
  const start = to.currentTime + afterMs / 1_000
  tone.frequency.value = pitch
  gain.gain.value = volume
  tone.connect(gain)
  gain.connect(to.destination)
  tone.start(start)
  tone.stop(start + beepMs / 1_000)
}
