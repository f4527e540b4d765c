/** The vocabulary of emergency linkage (应急联动): what happened, how bad, who said so, and the steps of handling it. */
import { z } from 'zod'

export const incidentClasses = ['natural-disaster', 'accident', 'public-health', 'social-security'] as const
/** 自然灾害, 事故灾难, 公共卫生, 社会安全: the four of the Emergency Response Law, and of GB/T 35561. */
export const IncidentClass = z.enum(incidentClasses)
export type IncidentClass = z.infer<typeof IncidentClass>

/** What is usual in a city, each under its class. Our own names: they are no codes of a standard. */
export const incidentTypes = {
  'natural-disaster': ['flood', 'weather', 'geological', 'earthquake', 'forest-fire'],
  accident: ['fire', 'traffic', 'hazardous-material', 'gas', 'collapse', 'utility', 'pollution'],
  'public-health': ['epidemic', 'food', 'animal'],
  'social-security': ['crowd', 'public-order', 'missing-person'],
} as const satisfies Record<IncidentClass, readonly string[]>
export type IncidentType = (typeof incidentTypes)[IncidentClass][number]
export const incidentTypeNames = Object.values(incidentTypes).flat() as [IncidentType, ...IncidentType[]]
export const IncidentType = z.enum(incidentTypeNames)

/** 1 特别重大 (I), 2 重大 (II), 3 较大 (III), 4 一般 (IV). It is not the colour of a warning. */
export const IncidentLevel = z.int().min(1).max(4)
export type IncidentLevel = z.infer<typeof IncidentLevel>

export const warningColours = ['red', 'orange', 'yellow', 'blue'] as const
/** Of an alert that was issued; kept apart from the level of an incident. */
export const WarningColour = z.enum(warningColours)

export const incidentSources = [
  '110',
  '119',
  '120',
  '122',
  '12345',
  'sensor',
  'camera',
  'outage',
  'manual',
  'cap',
] as const
export const IncidentSource = z.enum(incidentSources)
export type IncidentSource = z.infer<typeof IncidentSource>

export const incidentStatuses = [
  'received',
  'verified',
  'graded',
  'dispatched',
  'signed',
  'departed',
  'arrived',
  'handling',
  'ended',
  'reviewed',
  'archived',
  'dismissed',
  'merged',
] as const
/**
 * How far it has come: the step that the lead unit, or the duty officer, took last. `dismissed`: it was no incident. `merged`: it is another
 * one's. Both, and `archived`, are the end.
 */
export const IncidentStatus = z.enum(incidentStatuses)
export type IncidentStatus = z.infer<typeof IncidentStatus>

/** The steps that move an incident on, in their usual order; then those that go elsewhere. */
export const incidentSteps = [
  'receive',
  'verify',
  'grade',
  'dispatch',
  'sign',
  'depart',
  'arrive',
  'handle',
  'end',
  'review',
  'archive',
  'report',
  'escalate',
  'dismiss',
  'merge',
  'reopen',
  'hand-over',
] as const
export const IncidentStep = z.enum(incidentSteps)
export type IncidentStep = z.infer<typeof IncidentStep>

/** Steps that have a limit of time. */
export const limitedSteps = [
  'verify',
  'grade',
  'dispatch',
  'sign',
  'depart',
  'arrive',
  'end',
  'review',
  'archive',
] as const
export const LimitedStep = z.enum(limitedSteps)
export type LimitedStep = z.infer<typeof LimitedStep>
