/** The thread of one export: makes it, and ends. */
import { parentPort, workerData } from 'node:worker_threads'
import type { Task, Told } from '../gathered.ts'
import { writeExport } from './write.ts'

const tell = (told: Told) => parentPort!.postMessage(told)
tell(await writeExport(workerData as Task, tell))
