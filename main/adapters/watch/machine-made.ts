// Names of what machines make and nobody edits: kept out of the project also where no ignore file says so.
import { isTemporaryName } from '../files/temporary.ts'

/** Never looked into, and no ignore file can bring them back. */
const REPOSITORIES = new Set(['.git', '.hg', '.svn'])

const FOLDERS = words(`
  node_modules bower_components .venv venv __pycache__ .mypy_cache .pytest_cache .ruff_cache .tox .nox .eggs
  .gradle .idea .vs .cache .parcel-cache .turbo .next .nuxt .svelte-kit .angular .terraform .nyc_output
  .dart_tool .stack-work .direnv .bundle __MACOSX
`)

const FILES = words(`
  4913 .DS_Store Thumbs.db desktop.ini
  package-lock.json npm-shrinkwrap.json pnpm-lock.yaml packages.lock.json bun.lockb go.sum
`)

/** In lower case, without the dot; also of two parts. */
const EXTENSIONS = words(`
  lock lockfile min.js min.mjs min.cjs min.css js.map mjs.map cjs.map css.map tsbuildinfo
  swp swo swx tmp bak orig kate-swp
  png jpg jpeg jpe gif bmp tif tiff webp avif heic heif ico icns psd ai eps raw cr2 nef xcf
  mp3 wav flac ogg oga opus m4a aac wma aif aiff mid midi
  mp4 m4v mkv mov avi webm wmv flv mpg mpeg ogv 3gp
  woff woff2 ttf otf eot ttc
  zip gz tgz bz2 tbz xz txz zst lz4 lzma 7z rar tar jar war ear apk ipa dmg iso img deb rpm cab msi crx xpi whl egg nupkg gem
  exe dll so dylib a o obj lib pdb class pyc pyo pyd wasm elc beam rlib rmeta node bin dat
  pdf doc docx xls xlsx ppt pptx odt ods odp epub mobi
  sqlite sqlite3 db db-wal db-shm mdb parquet arrow feather npy npz pkl h5 hdf5 onnx pt pth safetensors gguf
  glb fbx blend stl 3ds
`)

/** A build folder only beside the file of the tool that makes it; the name alone is too common. */
const BUILD_FOLDERS = new Map([['target', ['Cargo.toml', 'pom.xml']]])

/** Backups and swap files of editors: Vim and Emacs (`~`, `.#`, `#…#`), JetBrains, gedit, Sublime. */
const EDITOR_FILE = /~$|^\.#|^#.*#$|___jb_(tmp|old|bak)___$|^\.goutputstream-|^\.subl.*\.tmp$|^\.\w.*\.sw[a-p]$/u

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/u))
}

/** Kept out whatever the ignore files say: repositories' own folders, and our temporary files. */
export function isAlwaysOut(name: string): boolean {
  return REPOSITORIES.has(name) || isTemporaryName(name)
}

/** `standsBeside` tells whether a file of that name is in the same folder. */
export function isMachineMadeFolder(name: string, standsBeside: (name: string) => boolean): boolean {
  return FOLDERS.has(name) || (BUILD_FOLDERS.get(name)?.some(standsBeside) ?? false)
}

export function isMachineMadeFile(name: string): boolean {
  if (FILES.has(name) || EDITOR_FILE.test(name)) return true
  const [second, last] = name.toLowerCase().split('.').slice(1).slice(-2)
  if (second === undefined) return false
  return EXTENSIONS.has(last ?? second) || EXTENSIONS.has(`${second}.${last}`)
}
