import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { runProgram, startProgram } from './program.ts'

const node = process.execPath

test('what a program prints and how it ends', async () => {
  const script =
    'process.stdin.pipe(process.stdout); console.error("e"); process.on("exit", () => { process.exitCode = 3 })'
  const ending = await runProgram(node, ['-e', script], { input: '你好' })
  expect(ending).toEqual({ code: 3, signal: null, stdout: '你好', stderr: 'e\n', output: '你好e\n' })
})

// The uncaught EPIPE of a busy machine: the program had ended before its input was written.
test('input for a program that has ended is no error', async () => {
  const input = 'x'.repeat(4_000_000)
  expect((await runProgram('true', [], { input })).code).toBe(0)
  expect((await runProgram('true', [], { input: '' })).code).toBe(0)
})

test('a program that is not there says so', async () => {
  const program = startProgram('no-such-program', [])
  await expect(program.untilReady(async () => false)).rejects.toThrow(/no-such-program ended early.*ENOENT/s)
  expect((await program.ended).code).toBe(null)
})

test('waiting for one that ends first fails at once, with what it printed', async () => {
  const dying = () => startProgram(node, ['-e', 'console.error("no such option"); process.exit(7)'])
  await expect(dying().untilReady(async () => false)).rejects.toThrow(/ended early \(7\):\nno such option/)
  await expect(dying().orEnd(new Promise(() => {}))).rejects.toThrow(/ended early \(7\):\nno such option/)
  await expect(startProgram('true', []).firstWords()).rejects.toThrow(/ended early \(0\)/)
})

test('one that never becomes ready is ended, and the error has what it printed', async () => {
  const program = startProgram(node, ['-e', 'console.log("busy"); setInterval(() => {}, 1_000)'])
  await program.firstWords()
  await expect(program.untilReady(async () => false, 0.1)).rejects.toThrow(/is not ready after 0.1 s:\nbusy/)
  expect((await program.ended).signal).toBe('SIGKILL')
})

test('what a program has started ends with it', async () => {
  const program = startProgram('sh', ['-c', 'sleep 1000 & echo $!; wait'])
  await program.firstWords()
  const pid = Number(program.printed())
  await program.stop('SIGKILL')
  await expect.poll(() => isRunning(pid)).toBe(false)
})

test('one that takes too long is killed', async () => {
  expect((await runProgram('sleep', ['1000'], { timeoutMs: 50 })).signal).toBe('SIGKILL')
})

test('a message to one that has ended is no uncaught error', async () => {
  const code = 'process.once("message", () => process.disconnect()); process.send("hello")'
  const program = startProgram(node, ['-e', code], { ipc: true })
  expect(await program.orEnd(once(program.child, 'message'))).toContain('hello')
  program.child.send('bye')
  await program.ended
  program.child.send('too late')
  // The error comes with a later turn.
  await expect.poll(() => program.printed()).toMatch(/Channel closed|EPIPE/)
})

test('one with a channel is stopped', async () => {
  const program = startProgram(node, ['-e', 'process.on("message", () => {}); process.send("ready")'], { ipc: true })
  await program.orEnd(once(program.child, 'message'))
  expect(await program.stop()).toMatchObject({ code: null, signal: 'SIGTERM' })
})

/** One that has ended and that nobody has asked about yet (Z) does not. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
