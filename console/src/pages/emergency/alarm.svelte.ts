/** Whether somebody must be called: incidents that nobody has acknowledged sound until one does, unless this browser is silenced. */
import { stored } from '../../browser/stored.ts'
import { ring } from './sound.ts'

const everyMs = 10_000
const choice = stored('hub.alarm', ['on', 'off'])
let silent = $state(choice.read() === 'off')
let forbidden = $state(false)

export const isSilenced = (): boolean => silent
/** The browser does not let the page sound yet. */
export const isForbidden = (): boolean => forbidden

export function silence(next: boolean): void {
  silent = next
  choice.write(next ? 'off' : 'on')
}

/** Sounds now and every ten seconds. Returns the stop. */
export function soundAlarm(): () => void {
  const sound = async () => {
    forbidden = !(await ring())
  }
  void sound()
  const timer = setInterval(sound, everyMs)
  // The browser waits for a click: any will do.
  const again = () => forbidden && void sound()
  for (const kind of ['pointerdown', 'keydown']) addEventListener(kind, again)
  return () => {
    clearInterval(timer)
    for (const kind of ['pointerdown', 'keydown']) removeEventListener(kind, again)
    forbidden = false
  }
}
