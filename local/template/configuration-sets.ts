import type { ConfigurationSetConfig, SesEventType, SuppressedReason } from '../ses/configuration-set';
import type { Resource } from './assembly';
import type { Intrinsics } from './intrinsics';
import { refuseUnknownKeys, usedProperties } from './properties';
import { structure, text } from './property-values';

/** Event types of a template that are published here, by their name in it. */
const EVENT_TYPES: Readonly<Record<string, SesEventType>> = {
  send: 'Send',
  reject: 'Reject',
  bounce: 'Bounce',
  complaint: 'Complaint',
  delivery: 'Delivery',
  deliveryDelay: 'DeliveryDelay',
};

/** Types of what never happens here: there is no tracking, no template of SES and no contact list. */
const NEVER = ['open', 'click', 'renderingFailure', 'subscription'];

/** @throws Error where it has what is not implemented */
export function readConfigurationSet(
  resource: Resource,
  destinations: readonly Resource[],
  intrinsicsOf: (resource: Resource) => Intrinsics,
): ConfigurationSetConfig {
  const { logicalId } = resource;
  const intrinsics = intrinsicsOf(resource);
  const properties = structure(intrinsics.resolve(usedProperties(resource), logicalId), logicalId);
  const sending = structure(properties.SendingOptions ?? {}, `${logicalId}.SendingOptions`);
  refuseUnknownKeys(sending, { used: ['SendingEnabled'], irrelevant: [] }, `${logicalId}.SendingOptions`);
  const suppression = structure(properties.SuppressionOptions ?? {}, `${logicalId}.SuppressionOptions`);
  refuseUnknownKeys(suppression, { used: ['SuppressedReasons'], irrelevant: [] }, `${logicalId}.SuppressionOptions`);
  return {
    name: intrinsics.nameOf(resource),
    sendingEnabled: sending.SendingEnabled !== false,
    ...(suppression.SuppressedReasons !== undefined && {
      suppressedReasons: suppression.SuppressedReasons as readonly SuppressedReason[],
    }),
    destinations: destinations.flatMap((each) => readDestination(each, intrinsicsOf(each))),
  };
}

/** Nothing where it is switched off. */
function readDestination(resource: Resource, intrinsics: Intrinsics): readonly (readonly SesEventType[])[] {
  const where = `${resource.logicalId}.EventDestination`;
  const destination = structure(intrinsics.resolve(usedProperties(resource).EventDestination, where), where);
  refuseUnknownKeys(
    destination,
    { used: ['Enabled', 'EventBridgeDestination', 'MatchingEventTypes'], irrelevant: ['Name'] },
    where,
  );
  const { EventBusArn } = structure(destination.EventBridgeDestination, `${where}.EventBridgeDestination`);
  if (!text(EventBusArn, `${where}.EventBridgeDestination.EventBusArn`).endsWith(':event-bus/default')) {
    throw new Error(`Expected ${where} to publish to the default event bus, got ${EventBusArn}: SES takes no other.`);
  }
  const types = destination.MatchingEventTypes;
  const known = (type: unknown) => Object.hasOwn(EVENT_TYPES, String(type)) || NEVER.includes(String(type));
  if (!Array.isArray(types) || types.length === 0 || !types.every(known)) {
    throw new Error(`Expected ${where}.MatchingEventTypes to list types of events, got ${JSON.stringify(types)}.`);
  }
  if (destination.Enabled === false) return [];
  return [types.flatMap((type: string) => EVENT_TYPES[type] ?? [])];
}
