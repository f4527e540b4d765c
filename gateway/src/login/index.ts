export {
  createLoginBudgets,
  heldBudget,
  type LoginAttempt,
  type LoginBudget,
  type LoginBudgets,
  type LoginService,
  refusalLimit,
} from './budget.ts'
export { openLoginStore } from './store.ts'
