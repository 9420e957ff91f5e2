using System.Text.Json;
using System.Text.Json.Serialization;

namespace Chat.Micro.Budgets;

/// <summary>What an operation may allocate: <c>144</c>, or <c>{ "bytes": 144, "warn": true }</c> where the number varies from run to run.</summary>
/// <param name="Bytes">Most bytes of one operation.</param>
/// <param name="Warn">A higher number is told but is no failure.</param>
[JsonConverter(typeof(BudgetForm))]
internal readonly record struct Budget(long Bytes, bool Warn)
{
    private sealed class BudgetForm : JsonConverter<Budget>
    {
        public override Budget Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType == JsonTokenType.Number) return new Budget(reader.GetInt64(), Warn: false);
            JsonElement form = JsonElement.ParseValue(ref reader);
            return new Budget(form.GetProperty("bytes").GetInt64(), form.GetProperty("warn").GetBoolean());
        }

        public override void Write(Utf8JsonWriter writer, Budget value, JsonSerializerOptions options)
        {
            if (!value.Warn)
            {
                writer.WriteNumberValue(value.Bytes);
                return;
            }

            writer.WriteStartObject();
            writer.WriteNumber("bytes", value.Bytes);
            writer.WriteBoolean("warn", true);
            writer.WriteEndObject();
        }
    }
}
