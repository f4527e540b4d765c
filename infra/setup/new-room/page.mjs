/** The page of a room: `console/src/pages/<room>`, its component, its words in two languages, its test in a DOM. */

export const pageFiles = ({ room, camel, pascal }, title) => ({
  [`${pascal}Page.svelte`]: `<!-- What ${room} has noted. -->
<script lang="ts">
import type { ${pascal}Notes } from '@hub/contracts'
import { Resource } from '../../api/resource.svelte.ts'
import { formatCount, formatTime } from '../../lib/format.ts'
import Card from '../../ui/Card.svelte'
import EmptyState from '../../ui/EmptyState.svelte'
import Pending from '../../ui/Pending.svelte'
import { t } from './words.ts'

const list = new Resource<${pascal}Notes>(() => '/${room}')
$effect(() => void list.load())
</script>

<h1 class="visually-hidden">{t('page.${room}')}</h1>
<div class="page">
  <Card title={t('${room}.notes')} note={list.data ? formatCount(list.data.notes.length) : ''}>
    {#if list.data}
      <ul>
        {#each list.data.notes as { at, text } (\`\${at} \${text}\`)}
          <li><time class="muted small">{formatTime(at, list.data.asOf)}</time> {text}</li>
        {/each}
      </ul>
      {#if !list.data.notes.length}<EmptyState title={t('${room}.notes.none')} />{/if}
    {:else}
      <Pending resource={list} what={t('${room}.notes')} lines={4} />
    {/if}
  </Card>
</div>

<style>
  .page {
    padding: 12px;
  }

  li {
    padding: 4px 16px;
  }
</style>
`,

  'zh.ts': `/** Sentences of the page, in Chinese: the source of the keys. \`{name}\` is a parameter. */
export const zh = {
  'page.${room}': '${title.zh}',
  '${room}.notes': '记录',
  '${room}.notes.none': '尚无记录',
} as const
`,

  'en.ts': `/** The same sentences in English. A key missing here is a type error. */
import type { zh } from './zh.ts'

export const en: Record<keyof typeof zh, string> = {
  'page.${room}': '${title.en}',
  '${room}.notes': 'Notes',
  '${room}.notes.none': 'No notes yet',
}
`,

  'words.ts': `/** The sentences of this folder: \`t\` gives them in the language in force. */
import { translator } from '../../i18n/translate.ts'
import { en } from './en.ts'
import { zh } from './zh.ts'

export const words = { zh, en }
export const { t } = translator(words)
`,

  [`${room}.component.test.ts`]: `import { render, screen } from '@testing-library/svelte'
import { beforeEach, expect, test } from 'vitest'
import { now } from '../../testing/examples.ts'
import { logInAs, useHub, visit } from '../../testing/hub.ts'
import ${pascal}Page from './${pascal}Page.svelte'

const hub = useHub()
beforeEach(async () => {
  visit('/${room}')
  await logInAs(hub, 'operator')
})

test('shows the notes', async () => {
  hub.answers('${camel}Notes', { asOf: now, notes: [{ at: now, text: '一号箱已开' }] })
  render(${pascal}Page)
  expect((await screen.findByRole('listitem')).textContent).toContain('一号箱已开')
})

test('says when there are none, and why they could not be read', async () => {
  hub.answers('${camel}Notes', { asOf: now, notes: [] })
  const { unmount } = render(${pascal}Page)
  expect(await screen.findByText('尚无记录')).toBeTruthy()
  unmount()
  hub.refuses('${camel}Notes', 503, '维护中。')
  render(${pascal}Page)
  expect((await screen.findByRole('alert')).textContent).toContain('维护中')
})
`,
})
