using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Calango.Migrations.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class Organising : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "ArchivedAt",
                table: "conversations",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "FolderId",
                table: "conversations",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "PinnedAt",
                table: "conversations",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "chat_folders",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    AccountId = table.Column<Guid>(type: "uuid", nullable: false),
                    ParentId = table.Column<Guid>(type: "uuid", nullable: true),
                    Name = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    Position = table.Column<int>(type: "integer", nullable: false),
                    IsCollapsed = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_chat_folders", x => x.Id);
                    table.ForeignKey(
                        name: "FK_chat_folders_accounts_AccountId",
                        column: x => x.AccountId,
                        principalTable: "accounts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_chat_folders_chat_folders_ParentId",
                        column: x => x.ParentId,
                        principalTable: "chat_folders",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.SetNull);
                });

            migrationBuilder.CreateTable(
                name: "chat_tags",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    AccountId = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    NormalizedName = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Color = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_chat_tags", x => x.Id);
                    table.ForeignKey(
                        name: "FK_chat_tags_accounts_AccountId",
                        column: x => x.AccountId,
                        principalTable: "accounts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "tagged_chats",
                columns: table => new
                {
                    ConversationId = table.Column<Guid>(type: "uuid", nullable: false),
                    TagId = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tagged_chats", x => new { x.ConversationId, x.TagId });
                    table.ForeignKey(
                        name: "FK_tagged_chats_chat_tags_TagId",
                        column: x => x.TagId,
                        principalTable: "chat_tags",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_tagged_chats_conversations_ConversationId",
                        column: x => x.ConversationId,
                        principalTable: "conversations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_conversations_archived",
                table: "conversations",
                columns: new[] { "AccountId", "ActiveAt", "Id" },
                filter: "\"DeletedAt\" IS NULL AND \"ArchivedAt\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_conversations_FolderId",
                table: "conversations",
                column: "FolderId",
                filter: "\"FolderId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_conversations_in_folder",
                table: "conversations",
                columns: new[] { "AccountId", "FolderId", "ActiveAt", "Id" },
                filter: "\"DeletedAt\" IS NULL AND \"ArchivedAt\" IS NULL AND \"PinnedAt\" IS NULL AND \"FolderId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_conversations_listed",
                table: "conversations",
                columns: new[] { "AccountId", "ActiveAt", "Id" },
                filter: "\"DeletedAt\" IS NULL AND \"ArchivedAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_conversations_loose",
                table: "conversations",
                columns: new[] { "AccountId", "ActiveAt", "Id" },
                filter: "\"DeletedAt\" IS NULL AND \"ArchivedAt\" IS NULL AND \"PinnedAt\" IS NULL AND \"FolderId\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_conversations_pinned",
                table: "conversations",
                columns: new[] { "AccountId", "PinnedAt" },
                filter: "\"DeletedAt\" IS NULL AND \"ArchivedAt\" IS NULL AND \"PinnedAt\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_conversations_trash",
                table: "conversations",
                columns: new[] { "AccountId", "DeletedAt", "Id" },
                filter: "\"DeletedAt\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_chat_folders_AccountId",
                table: "chat_folders",
                column: "AccountId");

            migrationBuilder.CreateIndex(
                name: "IX_chat_folders_ParentId",
                table: "chat_folders",
                column: "ParentId");

            migrationBuilder.CreateIndex(
                name: "IX_chat_tags_AccountId_NormalizedName",
                table: "chat_tags",
                columns: new[] { "AccountId", "NormalizedName" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_tagged_chats_TagId",
                table: "tagged_chats",
                column: "TagId");

            migrationBuilder.AddForeignKey(
                name: "FK_conversations_chat_folders_FolderId",
                table: "conversations",
                column: "FolderId",
                principalTable: "chat_folders",
                principalColumn: "Id",
                onDelete: ReferentialAction.SetNull);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "FK_conversations_chat_folders_FolderId",
                table: "conversations");

            migrationBuilder.DropTable(
                name: "chat_folders");

            migrationBuilder.DropTable(
                name: "tagged_chats");

            migrationBuilder.DropTable(
                name: "chat_tags");

            migrationBuilder.DropIndex(
                name: "IX_conversations_archived",
                table: "conversations");

            migrationBuilder.DropIndex(
                name: "IX_conversations_FolderId",
                table: "conversations");

            migrationBuilder.DropIndex(
                name: "IX_conversations_in_folder",
                table: "conversations");

            migrationBuilder.DropIndex(
                name: "IX_conversations_listed",
                table: "conversations");

            migrationBuilder.DropIndex(
                name: "IX_conversations_loose",
                table: "conversations");

            migrationBuilder.DropIndex(
                name: "IX_conversations_pinned",
                table: "conversations");

            migrationBuilder.DropIndex(
                name: "IX_conversations_trash",
                table: "conversations");

            migrationBuilder.DropColumn(
                name: "ArchivedAt",
                table: "conversations");

            migrationBuilder.DropColumn(
                name: "FolderId",
                table: "conversations");

            migrationBuilder.DropColumn(
                name: "PinnedAt",
                table: "conversations");
        }
    }
}
