using Chat.Domain.Limits;
using Chat.Storage.Accounts;

namespace Chat.Domain.Accounts.Passkeys;

/// <summary>The caller's own passkeys: lists, renames and removes them. Thread-safe.</summary>
public sealed class OwnPasskeys(PasskeyStore store, TwoStepOwner owner, RequestLimits limits)
{
    public async Task<Result<IReadOnlyList<PasskeyRow>>> ListAsync(Caller caller, CancellationToken ct)
    {
        if (limits.JudgeHistory(caller, isCatchingUp: false) is { } limited) return limited;
        return Result.Ok(await store.ListAsync(caller.PrincipalId, ct));
    }

    public async Task<Result<PasskeyRow>> RenameAsync(Caller caller, long passkeyId, string? name, CancellationToken ct)
    {
        if (limits.JudgeOwnChange(caller) is { } limited) return limited;
        if (!AddPasskey.TryName(name, out string given, out Failure? bad)) return bad!;
        return await store.RenameAsync(caller.PrincipalId, passkeyId, given, ct) is { } renamed ? renamed : PasskeyFailures.NotFound();
    }

    /// <summary>
    /// Nobody signs in with it any more. Asks for the password, and for the code where there is a second step; where no such passkey is, nothing
    /// happens, and no code is spent.
    /// </summary>
    public async Task<Result<Done>> RemoveAsync(Caller caller, long passkeyId, TwoStepProof proof, CancellationToken ct)
    {
        if (limits.JudgeOwnChange(caller) is { } limited) return limited;
        if ((await store.ListAsync(caller.PrincipalId, ct)).All(passkey => passkey.Id != passkeyId)) return Done.Value;
        if (await owner.JudgeAsync(caller, proof, ct) is { } failure) return failure;
        await store.RemoveAsync(caller.PrincipalId, passkeyId, CancellationToken.None);
        return Done.Value;
    }
}
