using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Chat.Protocol.Codes;
using Chat.Storage.Accounts;

namespace Chat.Domain.Accounts;

/// <summary>
/// Makes the codes that are sent to people's addresses, and judges them when they come back: eight digits, a quarter of an hour, five guesses.
/// Only a keyed hash is stored. Thread-safe.
/// </summary>
public sealed class AccountCodes(AccountCodeStore store, CodeSender sender, TokenOptions tokens)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    internal const int Digits = 8;
    private const int Numbers = 100_000_000;
    private const short Attempts = 5;

    /// <summary>So many codes may follow each other by <see cref="Pause"/>, then <see cref="LongPause"/> lies between two: a stranger who asks for them fills somebody's mailbox.</summary>
    private const short SoonAgain = 3;

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongPause = TimeSpan.FromMinutes(30);

    private readonly byte[] _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, tokens.SigningKey, 32, info: "account codes"u8.ToArray());

    /// <summary>Keeps a new code and sends it.</summary>
    /// <returns>Null when it is on its way.</returns>
    public async Task<Failure?> IssueAsync(AccountRow account, CodePurpose purpose, string target, CancellationToken ct)
    {
        string code = RandomNumberGenerator.GetInt32(Numbers).ToString($"D{Digits}", CultureInfo.InvariantCulture);
        NewAccountCode issued = new()
        {
            PrincipalId = account.PrincipalId,
            Purpose = (short)purpose,
            Target = target,
            CodeHash = Hash(account.PrincipalId, purpose, code),
            Attempts = Attempts,
            Lifetime = Lifetime,
            Pause = Pause,
            LongPause = LongPause,
            SoonAgain = SoonAgain,
        };
        if (await store.IssueAsync(issued, ct) is { } wait)
            return new Failure(ErrorCode.RateLimited, "A code was sent a moment ago: look for it, or wait for retry_after_ms and ask again.", wait);
        return sender.TrySend(purpose, target, code) ? null : Failures.Busy(Pause);
    }

    /// <summary>Counts a guess at the code of an account; of one that does not exist it costs the same.</summary>
    /// <param name="principalId">Whose; 0 for nobody.</param>
    /// <param name="purpose">What it was sent for.</param>
    /// <param name="input">As the person typed it: blanks and dashes do not count.</param>
    /// <param name="ct">Gives up.</param>
    internal async Task<Result<SpentCode>> GuessAsync(long principalId, CodePurpose purpose, string? input, CancellationToken ct)
    {
        if (Read(input) is not { } code)
            return Failures.Invalid("code", $"code is missing or is not of {Digits} digits: send the code that came with the last message.");

        byte[]? expected = await store.GuessAsync(principalId, (short)purpose, ct);
        byte[] hash = Hash(principalId, purpose, code);
        if (expected is null || !CryptographicOperations.FixedTimeEquals(hash, expected)) return Wrong();
        return new SpentCode(principalId, (short)purpose, hash);
    }

    internal static Failure Wrong() => new(
        ErrorCode.CodeInvalid, "The code is wrong, was used, or its time is over: use the newest one, or ask for another.", Field: "code");

    private static string? Read(string? input)
    {
        if (input is null || input.Length > 4 * Digits) return null;
        StringBuilder digits = new(Digits);
        foreach (char c in input)
        {
            if (char.IsAsciiDigit(c)) digits.Append(c);
            else if (c is not (' ' or '-')) return null;
        }

        return digits.Length == Digits ? digits.ToString() : null;
    }

    private byte[] Hash(long principalId, CodePurpose purpose, string code)
    {
        Span<byte> message = stackalloc byte[sizeof(long) + 1 + Digits];
        BinaryPrimitives.WriteInt64LittleEndian(message, principalId);
        message[sizeof(long)] = (byte)purpose;
        Encoding.ASCII.GetBytes(code, message[(sizeof(long) + 1)..]);
        return HMACSHA256.HashData(_key, message);
    }
}
