export { GatewayConfig } from './config.ts'
export { createGateway, type Gateway, type GatewayDeps } from './gateway.ts'
