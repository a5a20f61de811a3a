using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Calango.Migrations.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class ChatMemory : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "chat_memories",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    AccountId = table.Column<Guid>(type: "TEXT", nullable: false),
                    ConnectionId = table.Column<Guid>(type: "TEXT", nullable: false),
                    ModelId = table.Column<string>(type: "TEXT", maxLength: 300, nullable: false),
                    Fingerprint = table.Column<string>(type: "TEXT", nullable: false),
                    Failure = table.Column<int>(type: "INTEGER", nullable: true),
                    ClaimedBy = table.Column<Guid>(type: "TEXT", nullable: true),
                    ClaimedUntil = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_chat_memories", x => x.Id);
                    table.ForeignKey(
                        name: "FK_chat_memories_accounts_AccountId",
                        column: x => x.AccountId,
                        principalTable: "accounts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "message_vectors",
                columns: table => new
                {
                    Number = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    MemoryId = table.Column<Guid>(type: "TEXT", nullable: false),
                    EntryNumber = table.Column<long>(type: "INTEGER", nullable: false),
                    Part = table.Column<int>(type: "INTEGER", nullable: false),
                    Start = table.Column<int>(type: "INTEGER", nullable: false),
                    Length = table.Column<int>(type: "INTEGER", nullable: false),
                    Values = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_message_vectors", x => x.Number);
                    table.ForeignKey(
                        name: "FK_message_vectors_chat_memories_MemoryId",
                        column: x => x.MemoryId,
                        principalTable: "chat_memories",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_message_vectors_search_entries_EntryNumber",
                        column: x => x.EntryNumber,
                        principalTable: "search_entries",
                        principalColumn: "Number",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_search_entries_AccountId_Number",
                table: "search_entries",
                columns: new[] { "AccountId", "Number" });

            migrationBuilder.CreateIndex(
                name: "IX_chat_memories_AccountId",
                table: "chat_memories",
                column: "AccountId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_message_vectors_EntryNumber_Part",
                table: "message_vectors",
                columns: new[] { "EntryNumber", "Part" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_message_vectors_MemoryId_Number",
                table: "message_vectors",
                columns: new[] { "MemoryId", "Number" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "message_vectors");

            migrationBuilder.DropTable(
                name: "chat_memories");

            migrationBuilder.DropIndex(
                name: "IX_search_entries_AccountId_Number",
                table: "search_entries");
        }
    }
}
