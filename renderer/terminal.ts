// Terminals for streams: made ahead, handed to the card that streams, and taken back; coloured by the page's variables.
import { FitAddon } from '@xterm/addon-fit'
import { Terminal, type ITheme } from '@xterm/xterm'
import type { Stop } from '../preload/wire.ts'

/** A stream is shown in at most so many lines; what is above scrolls away. */
export const SCREEN_ROWS = 9
const SCROLLBACK = 20_000
/** Full reset as a sequence (RIS): unlike a call it keeps its place among what is still to be written. */
const RESET = '\u001bc'
/** Kept ready beside those in use. */
const SPARE = 1
const RESTOCK_MS = 2_000

/** One terminal that is on loan. */
export interface Screen {
  /** Hands the text over at once; `parsed` is called when it is in the terminal's buffer, at latest a frame before its paint. */
  write(text: string, parsed?: () => void): void
  clear(): void
  /** All its lines together, in px. */
  readonly height: number
  /** Called after each time rows were put into the page. */
  onPaint(listener: () => void): Stop
  /** Called when more lines are in use than ever on this loan: how high they are together, in px. */
  onGrow(listener: (height: number) => void): Stop
  /** Shows what is painted now, whatever is still to be parsed, until it is let go. */
  hold(): Stop
  /** Lines are as long as the place is wide. */
  fit(): void
  showCursor(on: boolean): void
  /** Goes back; the loan is over. */
  release(): void
}

export interface Screens {
  /** Puts a terminal into `place`; it is ready to paint in the same frame. */
  borrow(place: HTMLElement): Screen
  close(): void
}

interface Kept {
  readonly terminal: Terminal
  readonly fitting: FitAddon
  readonly element: HTMLElement
}

/**
 * Making a terminal takes some 20 ms, which the first token must not wait for: so one is made ahead. `park` has to be inside the
 * viewport (even if it is one pixel): xterm does not paint where it is not visible, and would lose a frame to notice.
 */
export function createScreens(park: HTMLElement): Screens {
  const document = park.ownerDocument
  const view = document.defaultView
  const all = new Set<Kept>()
  const spare: Kept[] = []

  function make(): Kept {
    const terminal = new Terminal({
      cols: 60,
      rows: SCREEN_ROWS,
      scrollback: SCROLLBACK,
      convertEol: true,
      disableStdin: true,
      cursorStyle: 'bar',
      cursorInactiveStyle: 'bar',
      fontFamily: variable(document, '--mono'),
      fontSize: 12,
      lineHeight: 1.35,
      minimumContrastRatio: 4.5,
      // The scroll bar takes the ruler's width; there is no ruler.
      overviewRuler: { width: 6 },
      theme: themeOf(document),
    })
    const fitting = new FitAddon()
    terminal.loadAddon(fitting)
    // Keys belong to the window; the terminal is only looked at.
    terminal.attachCustomKeyEventHandler(() => false)
    const element = document.createElement('div')
    park.append(element)
    terminal.open(element)
    // xterm shows no cursor before its first focus, which this terminal never gets; leaving the other buffer counts as well.
    terminal.write('\u001b[?47h\u001b[?47l')
    if (terminal.textarea !== undefined) {
      terminal.textarea.tabIndex = -1
      terminal.textarea.ariaLabel = 'Selection in the stream'
    }
    const kept = { terminal, fitting, element }
    all.add(kept)
    return kept
  }

  function restock(): void {
    while (spare.length < SPARE) spare.push(make())
  }

  const schemes = view?.matchMedia('(prefers-color-scheme: dark)')
  const recolour = (): void => {
    for (const { terminal } of all) terminal.options.theme = themeOf(document)
  }
  schemes?.addEventListener('change', recolour)
  restock()

  return {
    borrow(place) {
      const kept = spare.pop() ?? make()
      const { terminal, fitting, element } = kept
      place.append(element)
      const stops = new Set<Stop>()
      // Not soon: making the next one would hold up the first tokens of this stream.
      const restocking = setTimeout(restock, RESTOCK_MS)
      stops.add(() => clearTimeout(restocking))

      function listen(listening: { dispose(): void }): Stop {
        const stop = (): void => {
          listening.dispose()
          stops.delete(stop)
        }
        stops.add(stop)
        return stop
      }

      function fit(): void {
        const columns = fitting.proposeDimensions()?.cols
        if (columns !== undefined && Number.isFinite(columns) && columns !== terminal.cols) {
          terminal.resize(Math.max(20, columns), SCREEN_ROWS)
        }
      }

      fit()
      const lineHeight = (terminal.element?.querySelector('.xterm-screen')?.clientHeight ?? 0) / SCREEN_ROWS
      return {
        write: (text, parsed) => terminal.write(text, parsed),
        clear: () => terminal.write(RESET),
        height: Math.ceil(lineHeight * SCREEN_ROWS),
        onPaint: (listener) => listen(terminal.onRender(listener)),
        onGrow(listener) {
          let most = 0
          return listen(
            terminal.onWriteParsed(() => {
              const { baseY, cursorX, cursorY } = terminal.buffer.active
              const used = Math.min(SCREEN_ROWS, baseY + cursorY + (cursorX > 0 ? 1 : 0))
              if (used <= most) return
              most = used
              listener(Math.ceil(lineHeight * used))
            }),
          )
        },
        hold() {
          const rows = element.querySelector<HTMLElement>('.xterm-rows')
          if (rows === null) return () => {}
          const still = rows.cloneNode(true)
          rows.hidden = true
          rows.after(still)
          return () => {
            if (still.parentNode !== null) still.parentNode.removeChild(still)
            rows.hidden = false
          }
        },
        fit,
        showCursor: (on) => terminal.write(on ? '\u001b[?25h' : '\u001b[?25l'),
        release() {
          for (const stop of stops) stop()
          if (spare.length < SPARE) {
            terminal.write(RESET)
            park.append(element)
            spare.push(kept)
          } else {
            all.delete(kept)
            terminal.dispose()
            element.remove()
          }
        },
      }
    },

    close() {
      schemes?.removeEventListener('change', recolour)
      for (const { terminal, element } of all) {
        terminal.dispose()
        element.remove()
      }
    },
  }
}

function variable(document: Document, name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}

function themeOf(document: Document): ITheme {
  const colour = (name: string): string => variable(document, name)
  return {
    background: colour('--surface'),
    foreground: colour('--text'),
    cursor: colour('--accent'),
    selectionBackground: colour('--selection'),
    green: colour('--added'),
    red: colour('--removed'),
    brightBlack: colour('--muted'),
    overviewRulerBorder: colour('--surface'),
    scrollbarSliderBackground: colour('--line'),
    scrollbarSliderHoverBackground: colour('--muted'),
    scrollbarSliderActiveBackground: colour('--muted'),
  }
}
