using Chat.Protocol.Codes;
using Chat.Storage.Accounts;

namespace Chat.Domain.Accounts.Passkeys;

/// <summary>Why a passkey is not taken, in words.</summary>
internal static class PasskeyFailures
{
    public static Failure NotConfigured() => new(
        ErrorCode.NotConfigured, "The service takes no passkeys: its operator has to set Passkeys:ServerDomain to the domain of its pages.");

    public static Failure Over() => new(
        ErrorCode.PasskeyCeremonyOver, "This was finished before, took too long, or was begun for something else: begin again.", Field: "ceremony");

    public static Failure TooMany() => Failures.Invalid(
        "name", $"You have {PasskeyStore.MaxPerAccount} passkeys, which is as many as may be: remove one first.");

    public static Failure NotFound() => new(ErrorCode.PasskeyNotFound, "You have no such passkey: list them.", Field: "passkey_id");

    public static Failure KeyTooLong(int maxBytes) => Refused($"The passkey's public key has more than {maxBytes} bytes: make one of another kind.");

    public static Failure Taken() => Refused("This passkey is in use already: make another one.");

    public static Failure Unknown() => Refused(
        "The passkey could not be verified: it is not known here (any more), did not verify its user, or signed something else. Try again, or sign in another way.");

    public static Failure CounterBack() => Refused(
        "The passkey's counter of signatures went back, as if there were a copy of it: sign in another way, and remove it.");

    /// <summary>Null when the passkey has proved itself.</summary>
    public static Failure? Of(PasskeyJudgement judgement)
    {
        if (judgement.Proven is not null) return null;
        return judgement.ForeignOrigin is { } origin
            ? new Failure(
                ErrorCode.PasskeyOriginRefused,
                $"The passkey was used on a page of '{origin}', from which none is taken: the operator has to name it in the setting Passkeys:Origins, or you open the right page.",
                Field: "credential")
            : Unknown();
    }

    private static Failure Refused(string message) => new(ErrorCode.PasskeyRefused, message, Field: "credential");
}
