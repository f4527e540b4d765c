export { gatewaysModule } from './gateways/module.ts'
export { ingestModule } from './module.ts'
