/** What every chart has in common: the theme's colours and font, the city's time, the size of its box. */
import uPlot from 'uplot'
import { cityZone } from '../lib/city-time.ts'
import 'uplot/dist/uPlot.min.css'
import './chart.css'

export type Chart = { destroy(): void }

export type Paper = {
  /** A colour of the theme by its custom property, `--muted`. */
  colour(token: string): string
  font: string
  axis: uPlot.Axis
}

/** `letters` are what the labels are written with: a canvas does not wait for its font. */
export function drawChart(
  box: HTMLElement,
  letters: string,
  plan: (paper: Paper) => { options: Omit<uPlot.Options, 'width' | 'height'>; data: uPlot.AlignedData },
): Chart {
  const css = getComputedStyle(box)
  const colour = (token: string) => css.getPropertyValue(token).trim()
  const font = `${css.getPropertyValue('--size-12')} ${css.fontFamily}`
  const axis: uPlot.Axis = {
    stroke: colour('--muted'),
    font,
    grid: { stroke: colour('--hairline'), width: 1 },
    ticks: { show: false },
  }
  const { options, data } = plan({ colour, font, axis })
  const size = () => ({ width: Math.max(80, box.clientWidth - 8), height: Math.max(80, box.clientHeight - 4) })
  const chart = new uPlot(
    {
      ...size(),
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), cityZone),
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
      ...options,
    },
    data,
    box,
  )
  void document.fonts.load(font, letters).then(() => chart.redraw())
  const watch = new ResizeObserver(() => chart.setSize(size()))
  watch.observe(box)
  return {
    destroy() {
      watch.disconnect()
      chart.destroy()
    },
  }
}
