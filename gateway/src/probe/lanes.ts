/**
 * How many calls are under way: one for each host, and a cap in all. A call that takes long is *parked*: it gives its place
 * to another and only counts against a far higher cap, so that cameras that drip or do not answer cost only themselves.
 */

/** `start` never rejects. */
type Job = { host: string; start: () => Promise<void> }
type Run = { startedAt: number; parked: boolean; ended: boolean }

export type LaneOptions = {
  now: () => number
  /** Calls under way that are not parked. */
  concurrency: number
  /** Milliseconds after which a call is parked. */
  parkAfterMs: number
  /** Parked calls in all: descriptors are finite. */
  maxParked: number
}

export class Lanes {
  readonly #options: LaneOptions
  readonly #busy = new Set<string>()
  /** Jobs that wait for their own host. */
  readonly #hostQueues = new Map<string, Job[]>()
  /** Jobs that wait for a place. */
  #queue: Job[] = []
  #head = 0
  /** In order of their start, so that only the front can be old enough to park. */
  #runs: Run[] = []
  #active = 0
  #parked = 0

  constructor(options: LaneOptions) {
    this.#options = options
  }

  get running(): number {
    return this.#active
  }
  get parked(): number {
    return this.#parked
  }
  get waiting(): number {
    return this.#queue.length - this.#head
  }

  /** Runs work when its host is free and there is a place. `urgent` goes before others of its host and needs no place. */
  run<T>(host: string, work: () => Promise<T>, urgent = false): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.enter({ host, start: () => work().then(resolve, reject) }, urgent)
    })
  }

  /** The same for work whose outcome nobody waits for; it must not reject. */
  enter(job: Job, urgent = false): void {
    const { host } = job
    if (this.#busy.has(host)) {
      const queue = this.#hostQueues.get(host) ?? []
      if (urgent) queue.unshift(job)
      else queue.push(job)
      this.#hostQueues.set(host, queue)
    } else {
      this.#busy.add(host)
      if (urgent) this.#start(job)
      else {
        this.#queue.push(job)
        this.#fill()
      }
    }
  }

  /** Parks what has become old. Called with each tick of the wheel. */
  tick(): void {
    const old = this.#options.now() - this.#options.parkAfterMs
    let index = 0
    for (; index < this.#runs.length && (this.#runs[index]!.ended || this.#runs[index]!.startedAt <= old); index++) {
      const run = this.#runs[index]!
      if (run.ended) continue
      run.parked = true
      this.#active--
      this.#parked++
    }
    if (index > 0) this.#runs = this.#runs.slice(index)
    this.#fill()
  }

  #fill(): void {
    while (this.waiting > 0 && this.#active < this.#options.concurrency && this.#parked < this.#options.maxParked) {
      this.#start(this.#queue[this.#head++]!)
    }
    if (this.#head > 1_024 || this.#head === this.#queue.length) {
      this.#queue = this.#queue.slice(this.#head)
      this.#head = 0
    }
  }

  #start(job: Job): void {
    const run: Run = { startedAt: this.#options.now(), parked: false, ended: false }
    this.#runs.push(run)
    this.#active++
    void job.start().then(() => {
      run.ended = true
      if (run.parked) this.#parked--
      else this.#active--
      this.#release(job.host)
      this.#fill()
    })
  }

  #release(host: string): void {
    const queue = this.#hostQueues.get(host)
    const next = queue?.shift()
    if (queue?.length === 0) this.#hostQueues.delete(host)
    if (next) this.#queue.push(next)
    else this.#busy.delete(host)
  }
}
