/** The thread of one export: makes it, and ends. */
import { parentPort, workerData } from 'node:worker_threads'
import type { Outcome, Progress, Task } from '../task.ts'
import { writeExport } from './write.ts'

const post = (message: Progress | Outcome) => parentPort!.postMessage(message)
post(await writeExport(workerData as Task, post))
