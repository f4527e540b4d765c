/** The trend on uPlot: a band, a line, the target. */
import type { TrendPoint } from '@hub/contracts'
import type uPlot from 'uplot'
import { cityZone } from '../../lib/city-time.ts'
import { type Chart, drawChart } from '../../ui/chart.ts'
import { axisRate, rateRange, timeRange, trendSeries } from './trend.ts'

/** Which point the pointer is at, and where in the box that is. */
export type Pointed = { index: number; left: number }

/** `onPoint` gets what the pointer is at; null when it has left. */
export function drawTrend(
  box: HTMLElement,
  points: readonly TrendPoint[],
  target: number,
  onPoint: (pointed: Pointed | null) => void,
): Chart {
  const series = trendSeries(points)
  const [lowest, highest] = rateRange(series, target)
  return drawChart(box, '0123456789:-%', ({ colour, axis }) => ({
    options: {
      padding: [8, 20, 0, 0],
      scales: { x: { range: timeRange(series) }, y: { range: [lowest, highest] } },
      axes: [
        { ...axis, size: 28, gap: 8, space: 60, values: timeLabels },
        {
          ...axis,
          size: 48,
          gap: 6,
          space: 28,
          values: (_, splits) => splits.map((v) => axisRate(v)),
        },
      ],
      series: [
        {},
        { stroke: 'transparent', width: 0, points: { show: false } },
        { stroke: 'transparent', width: 0, points: { show: false } },
        { stroke: colour('--accent'), width: 2, points: { show: points.length < 3, size: 6 } },
      ],
      bands: [{ series: [2, 1], fill: `color-mix(in srgb, ${colour('--unknown')} 22%, transparent)` }],
      hooks: {
        draw: [(u) => drawTarget(u, target, colour('--text'))],
        setCursor: [(u) => onPoint(pointedAt(u))],
      },
    },
    data: [series.at, series.low, series.high, series.rate],
  }))
}

function pointedAt(u: uPlot): Pointed | null {
  const { idx, left = -1 } = u.cursor
  return idx === null || idx === undefined || left < 0
    ? null
    : { index: idx, left: left + u.bbox.left / devicePixelRatio }
}

const hours = new Intl.DateTimeFormat('en-GB', { timeZone: cityZone, hour: '2-digit', minute: '2-digit' })
const days = new Intl.DateTimeFormat('en-CA', { timeZone: cityZone, month: '2-digit', day: '2-digit' })

/** Hours, and the date where a day begins. */
function timeLabels(_: uPlot, splits: number[]): string[] {
  return splits.map((seconds) => {
    const label = hours.format(seconds * 1_000)
    return label === '00:00' ? days.format(seconds * 1_000) : label
  })
}

function drawTarget(u: uPlot, target: number, colour: string): void {
  const y = Math.round(u.valToPos(target, 'y', true)) + 0.5
  u.ctx.save()
  u.ctx.strokeStyle = colour
  u.ctx.lineWidth = devicePixelRatio
  u.ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio])
  u.ctx.beginPath()
  u.ctx.moveTo(u.bbox.left, y)
  u.ctx.lineTo(u.bbox.left + u.bbox.width, y)
  u.ctx.stroke()
  u.ctx.restore()
}
