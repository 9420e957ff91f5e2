using Chat.Protocol.Codes;

namespace Chat.Domain;

/// <summary>Says who asks: the principal and the device that a verified access token names.</summary>
/// <param name="Kind">What the token says the principal is: its rates are those of its kind (<see cref="Limits.RequestLimits"/>).</param>
public readonly record struct Caller(long PrincipalId, long DeviceId, PrincipalKind Kind = PrincipalKind.Person);
