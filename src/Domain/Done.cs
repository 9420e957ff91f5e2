namespace Chat.Domain;

/// <summary>The value of a use case that has nothing to return.</summary>
public readonly struct Done : IEquatable<Done>
{
    public static readonly Done Value;

    public bool Equals(Done other) => true;

    public override bool Equals(object? obj) => obj is Done;

    public override int GetHashCode() => 0;

    public static bool operator ==(Done left, Done right) => left.Equals(right);

    public static bool operator !=(Done left, Done right) => !left.Equals(right);
}
