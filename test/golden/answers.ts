/** Asks a hub all the questions. */
import { type Client, logIn } from './client.ts'
import type { Question } from './questions.ts'

/** By the name of the question. A question that is refused is answered by the problem. */
export async function ask(address: string, questions: readonly Question[]): Promise<{ [name: string]: unknown }> {
  const clients = new Map<string, Client>()
  const answers: { [name: string]: unknown } = {}
  for (const { name, user = 'duty', route, body, map = (answer: unknown) => answer } of questions) {
    if (!clients.has(user)) clients.set(user, await logIn(address, user))
    const client = clients.get(user)!
    answers[name] = withoutJudging(map(body ? await client.send('POST', route, body) : await client.get(route)))
  }
  return answers
}

/** By which rules figures were judged is said since, and each rate as text; the folder was written by rules that hold for all time. */
const withoutJudging = (answer: unknown): unknown =>
  JSON.parse(
    JSON.stringify(answer ?? null, (key, value) => (key === 'judging' || key === 'rateText' ? undefined : value)),
  )
