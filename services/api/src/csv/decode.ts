/** Bytes of a CSV file → text. Excel in China saves GB18030 (GBK) unless told otherwise. */

/** UTF-8 when the bytes are valid UTF-8, otherwise GB18030. Chinese text in GB18030 is almost never valid UTF-8. */
export function decodeCsv(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('gb18030').decode(bytes)
  }
}
