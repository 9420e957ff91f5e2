using Chat.Protocol.Codes;

namespace Chat.Sdk.Rest;

/// <summary>Calls with the client's access token, and once more with a new one if that is refused. Thread-safe.</summary>
internal sealed class SignedInCalls(Func<TokenReason, CancellationToken, ValueTask<string>> token)
{
    public Task DoAsync(Func<string, Task> call, CancellationToken ct) => AskAsync(
        async bearer =>
        {
            await call(bearer).ConfigureAwait(false);
            return true;
        },
        ct);

    public async Task<T> AskAsync<T>(Func<string, Task<T>> call, CancellationToken ct)
    {
        string bearer = await token(TokenReason.Connect, ct).ConfigureAwait(false);
        try
        {
            return await call(bearer).ConfigureAwait(false);
        }
        catch (ChatException refused) when (refused.Code is (int)ErrorCode.TokenInvalid or (int)ErrorCode.SignInRequired)
        {
            bearer = await token(TokenReason.Rejected, ct).ConfigureAwait(false);
            return await call(bearer).ConfigureAwait(false);
        }
    }
}
