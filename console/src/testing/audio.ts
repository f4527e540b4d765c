/** As much of an `AudioContext` as the console uses: it makes no sound and counts the tones. */
const nothing = () => undefined

export class TestAudio {
  static tones = 0
  /** As a browser does until the page was clicked on. */
  static forbids = false
  static reset(): void {
    TestAudio.tones = 0
    TestAudio.forbids = false
  }

  readonly currentTime = 0
  readonly destination = {}
  get state() {
    return TestAudio.forbids ? 'suspended' : 'running'
  }

  async resume(): Promise<void> {}
  createGain = () => ({ gain: { value: 0 }, connect: nothing })
  createOscillator = () => ({
    frequency: { value: 0 },
    connect: nothing,
    stop: nothing,
    start: () => {
      TestAudio.tones++
    },
  })
}
