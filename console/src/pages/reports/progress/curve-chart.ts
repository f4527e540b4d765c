/** The S-curve on uPlot: the plan dashed, what was reached in full lines, today as an upright. */
import type { Progress } from '@hub/contracts'
import type uPlot from 'uplot'
import { cityZone } from '../../../lib/city-time.ts'
import { type Chart, drawChart } from '../../../ui/chart.ts'
import { countRange, curveSeries, secondsOf } from './curve.ts'

const counts = new Intl.NumberFormat('en-US')
const months = new Intl.DateTimeFormat('en-CA', { timeZone: cityZone, year: 'numeric', month: '2-digit' })
const days = new Intl.DateTimeFormat('en-CA', { timeZone: cityZone, month: '2-digit', day: '2-digit' })
const ninetyDays = 90 * 86_400

/** `onPoint` gets which point the pointer is at; null when it has left. `todayLabel` stands at the upright. */
export function drawCurve(
  box: HTMLElement,
  curve: Progress['curve'],
  today: string | null,
  todayLabel: string,
  onPoint: (index: number | null) => void,
): Chart {
  const series = curveSeries(curve)
  const span = (series.at.at(-1) ?? 0) - (series.at[0] ?? 0)
  const label = span > ninetyDays ? months : days
  return drawChart(box, `0123456789-,${todayLabel}`, ({ colour, font, axis }) => {
    const line = (token: string, width: number, dash: number[] = []): uPlot.Series => ({
      stroke: colour(token),
      width,
      dash,
      points: { show: false },
    })
    return {
      options: {
        padding: [16, 12, 0, 0],
        scales: { y: { range: countRange(curve) } },
        axes: [
          { ...axis, size: 24, gap: 4, space: 72, values: (_, splits) => splits.map((at) => label.format(at * 1_000)) },
          { ...axis, size: 56, gap: 6, space: 28, values: (_, splits) => splits.map((count) => counts.format(count)) },
        ],
        series: [{}, line('--text', 1.5, [6, 4]), line('--muted', 1.5), line('--accent', 1.5), line('--up', 2.5)],
        hooks: {
          draw: [(u) => drawToday(u, today, todayLabel, colour('--text'), font)],
          setCursor: [(u) => onPoint(u.cursor.idx ?? null)],
        },
      },
      data: [series.at, series.planned, series.built, series.accepted, series.inService],
    }
  })
}

function drawToday(u: uPlot, today: string | null, label: string, colour: string, font: string): void {
  if (!today) return
  const x = Math.round(u.valToPos(secondsOf(today), 'x', true)) + 0.5
  const { ctx, bbox } = u
  ctx.save()
  ctx.strokeStyle = ctx.fillStyle = colour
  ctx.lineWidth = devicePixelRatio
  ctx.setLineDash([2 * devicePixelRatio, 3 * devicePixelRatio])
  ctx.beginPath()
  ctx.moveTo(x, bbox.top)
  ctx.lineTo(x, bbox.top + bbox.height)
  ctx.stroke()
  ctx.font = font.replace(/^(\d+)px/, (_, px) => `${Number(px) * devicePixelRatio}px`)
  ctx.textAlign = x > bbox.left + bbox.width - 40 * devicePixelRatio ? 'right' : 'center'
  ctx.textBaseline = 'bottom'
  ctx.fillText(label, x, bbox.top - 2 * devicePixelRatio)
  ctx.restore()
}
