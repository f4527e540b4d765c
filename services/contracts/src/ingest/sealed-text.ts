/** What a gateway signs of a batch. Apart from the schemas: the console takes it without them. */

/** @param digest SHA-256 of the batch bytes, hex */
export const sealedBatchText = (
  { gateway, epoch, seq }: { gateway: string; epoch: number; seq: number },
  digest: string,
): string => `hengyang-hub batch v1\n${gateway}\n${epoch}\n${seq}\n${digest}\n`
