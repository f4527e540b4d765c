/** What the second of two devices with one endpoint is listed by. Pure. */
export const twinKey = (endpoint: string, address: string): string => `${endpoint.slice(0, 200)}#${address}`
