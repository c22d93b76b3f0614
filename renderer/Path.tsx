// A file's path on one line: when there is no room, the folder is cut and the file name is not.
import { visible } from './visible.ts'

export function Path({ path }: { readonly path: string }) {
  const at = path.lastIndexOf('/') + 1
  return (
    <>
      <span className="folder">{visible(path.slice(0, at))}</span>
      <span className="path">{visible(path.slice(at))}</span>
    </>
  )
}
