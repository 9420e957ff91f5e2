using System.Diagnostics.CodeAnalysis;

namespace Chat.Domain;

/// <summary>What a use case gives back: a value, or the reason why there is none. A default instance is not a valid result.</summary>
[SuppressMessage("Performance", "CA1815", Justification = "Results are looked at once, never compared.")]
public readonly struct Result<T>
{
    private readonly T? _value;

    private Result(T? value, Failure? failure) => (_value, Failure) = (value, failure);

    [MemberNotNullWhen(false, nameof(Failure))]
    public bool IsOk => Failure is null;

    /// <summary>The reason, or null when the use case succeeded.</summary>
    public Failure? Failure { get; }

    /// <summary>The value of a success. Throws when there is a <see cref="Failure"/>: ask <see cref="IsOk"/> first.</summary>
    public T Value => Failure is null
        ? _value!
        : throw new InvalidOperationException($"The use case failed with {Failure.Code}: {Failure.Message} Ask IsOk before Value.");

    [SuppressMessage("Usage", "CA2225", Justification = "Result.Ok is the named alternate.")]
    public static implicit operator Result<T>(T value) => new(value, null);

    [SuppressMessage("Usage", "CA2225", Justification = "Result.Fail is the named alternate.")]
    public static implicit operator Result<T>(Failure failure) => new(default, failure);
}

/// <summary>Named ways to make a <see cref="Result{T}"/>; needed where <c>T</c> is an interface, which C# converts by no operator.</summary>
public static class Result
{
    public static Result<T> Ok<T>(T value) => value;

    public static Result<T> Fail<T>(Failure failure) => failure;
}
