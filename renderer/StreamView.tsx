// What a model says, as it comes: a terminal while it streams, plain text afterwards; never through React's state.
import { memo, useEffect, useRef, type ReactNode } from 'react'
import { createFeed } from './feed.ts'
import { useWindow } from './hooks.ts'
import { createInk } from './ink.ts'
import type { TranscriptView } from './transcripts.ts'
import { visible } from './visible.ts'

/** The terminal's text for screen readers and for search, in ms: rarely enough to cost nothing. */
const MIRROR_MS = 500

interface StreamProps {
  readonly suggestion: string
  /** `live`: the terminal; `shown`: plain text; `folded`: plain text out of sight. */
  readonly mode: 'live' | 'shown' | 'folded'
  /** What stands there until the first text is. */
  readonly placeholder: ReactNode
  readonly running: boolean
}

export const StreamView = memo(function StreamView({ suggestion, mode, placeholder, running }: StreamProps) {
  return (
    <div className={`stream stream-${mode}`} data-testid="stream" hidden={mode === 'folded'}>
      {mode === 'live' ? (
        <LiveStream suggestion={suggestion} placeholder={placeholder} running={running} />
      ) : (
        <PlainStream suggestion={suggestion} />
      )}
    </div>
  )
})

function LiveStream({ suggestion, placeholder, running }: Omit<StreamProps, 'mode'>) {
  const { controller, screens } = useWindow()
  const place = useRef<HTMLDivElement>(null)
  const hint = useRef<HTMLDivElement>(null)
  const mirror = useRef<HTMLPreElement>(null)
  const onRunning = useRef<(on: boolean) => void>(() => {})

  useEffect(() => {
    const host = place.current
    const text = mirror.current
    if (host === null || text === null) return undefined
    const screen = screens.borrow(host)
    let ink = createInk()
    const feed = createFeed((more, parsed) => screen.write(ink(more), parsed), {
      request: (run) => requestAnimationFrame(run),
      cancel: (frame) => cancelAnimationFrame(frame),
    })
    let shown = ''
    /** How much of it the mirror has. */
    let mirrored = 0
    let timer: ReturnType<typeof setTimeout> | undefined
    let letGo = (): void => {}

    function reflect(): void {
      clearTimeout(timer)
      timer = undefined
      if (mirrored < shown.length) text?.append(visible(shown.slice(mirrored)))
      mirrored = shown.length
    }

    /** The frame that paints what was just parsed: its rows are put into the page, then it is painted. */
    function reportPaint(arrivedAt: number): void {
      const stop = screen.onPaint(() => {
        stop()
        setTimeout(() => controller.painted(suggestion, Math.max(0, performance.now() - arrivedAt)))
      })
    }

    function put(next: string): void {
      if (next === '') return
      const arrivedAt = controller.transcripts.takeArrival(suggestion)
      feed.push(next, arrivedAt === null ? undefined : () => reportPaint(arrivedAt))
      if (shown === '' && hint.current !== null) hint.current.hidden = true
      shown += next
      timer ??= setTimeout(reflect, MIRROR_MS)
    }

    const view: TranscriptView = {
      write: put,
      restart(whole) {
        if (shown !== '') {
          feed.drop()
          screen.clear()
          shown = ''
          mirrored = 0
          text.textContent = ''
        }
        ink = createInk()
        put(whole)
        reflect()
      },
      freeze() {
        letGo()
        feed.pause()
        letGo = screen.hold()
      },
      thaw() {
        letGo()
        letGo = () => {}
        feed.resume()
      },
    }
    // What streams has its whole room from the start, so that nothing beneath it moves; what does not run any more takes what it needs.
    let tallest = 0
    function makeRoom(height: number): void {
      if (host === null || height <= tallest) return
      tallest = height
      host.style.height = `${height}px`
    }
    const stopGrowing = screen.onGrow(makeRoom)
    const sizes = new ResizeObserver(() => screen.fit())
    sizes.observe(host)
    onRunning.current = (on) => {
      screen.showCursor(on)
      if (on) makeRoom(screen.height)
      else reflect()
    }
    const detach = controller.transcripts.attach(suggestion, view)
    return () => {
      detach()
      feed.close()
      letGo()
      sizes.disconnect()
      stopGrowing()
      clearTimeout(timer)
      onRunning.current = () => {}
      screen.release()
    }
  }, [controller, screens, suggestion])

  useEffect(() => onRunning.current(running), [running])

  return (
    <>
      <div ref={place} className="stream-terminal" />
      <div ref={hint} className="stream-hint">
        {placeholder}
      </div>
      <pre ref={mirror} className="unseen" />
    </>
  )
}

function PlainStream({ suggestion }: { readonly suggestion: string }) {
  const { controller } = useWindow()
  const place = useRef<HTMLPreElement>(null)

  useEffect(() => {
    let shown = ''
    let timer: ReturnType<typeof setTimeout> | undefined
    function show(): void {
      clearTimeout(timer)
      timer = undefined
      if (place.current !== null) place.current.textContent = visible(shown)
    }
    const detach = controller.transcripts.attach(suggestion, {
      write(text) {
        shown += text
        timer ??= setTimeout(show, MIRROR_MS)
      },
      restart(text) {
        shown = text
        show()
      },
    })
    return () => {
      detach()
      clearTimeout(timer)
    }
  }, [controller, suggestion])

  return <pre ref={place} className="stream-text" />
}
