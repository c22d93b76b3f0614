// Keeps the memory of a process that is to lie beside an editor all day small.
import { setFlagsFromString } from 'node:v8'

/**
 * V8 doubles its young generation whenever the first scan or a burst of saves has filled it, up to 48 MB for each thread, and
 * gives none of it back while the process is idle. Here it stays as it is at the start: more, and shorter, collections.
 * To be called before threads are started. Only for plain Node: in Electron the browser's own heaps have the same flags.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
}
