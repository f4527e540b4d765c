export * from './features.ts'
export {
  type MessageInput,
  type MessageName,
  type MessageParams,
  type MessageValue,
  messages,
  topicTable,
} from './messages.ts'
export type { Route } from './route.ts'
export { apiBase, type RouteName } from './routes.ts'
export * from './topics.ts'
